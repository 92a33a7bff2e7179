namespace EduPro.Tests.WebClient;

/// <summary>The call of the web client that a test makes: its number in the client's measured list, 1 to 66.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RowAttribute(int number) : Attribute
{
    public const int Last = 66;

    public int Number => number;
}
