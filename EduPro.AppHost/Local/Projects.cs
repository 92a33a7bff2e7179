namespace Projects;

/// <summary>Stands for this AppHost in <c>DistributedApplicationTestingBuilder.CreateAsync</c>, as Aspire's class does.</summary>
#pragma warning disable CA1707 // Aspire's name.
public sealed class EduPro_AppHost
#pragma warning restore CA1707
{
    private EduPro_AppHost() { }
}
