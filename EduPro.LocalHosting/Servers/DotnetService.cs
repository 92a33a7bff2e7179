using System.Runtime.InteropServices;

namespace EduPro.LocalHosting;

/// <summary>Runs a project's build output with the environment that Aspire would give it.</summary>
internal static class DotnetService
{
    public static async Task StartAsync(DotnetProjectResource project, LocalStack stack, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        var name = Path.GetFileNameWithoutExtension(project.ProjectPath);
        var program = Path.Combine(folder, stack.OutputPath, $"{name}.dll");
        if (!File.Exists(program))
            throw new DistributedApplicationException($"{program} is missing: build the AppHost, which builds it too.");

        var completes = stack.RunsToCompletion(project);
        var process = stack.Supervise(
            project,
            new(Dotnet(), ["exec", program])
            {
                WorkingDirectory = folder,
                Environment = await EnvironmentAsync(project, stack),
                OrphanSignal = "KILL",
            },
            restart: !completes
        );
        if (completes)
            _ = CompleteAsync(project, process, stack);
        foreach (var check in project.Annotations.OfType<HttpHealthCheckAnnotation>())
        {
            var url = new Uri(project.Annotations.OfType<EndpointAnnotation>().First().Url, check.Path);
            await Health.UntilAsync(
                token => Health.HttpAsync(url, check.StatusCode, token),
                project,
                process,
                stack,
                ct
            );
        }
    }

    private static async Task CompleteAsync(IResource project, SupervisedProcess process, LocalStack stack)
    {
        try
        {
            stack.Notifications.Completed(project, await process.FirstExit.Task);
        }
        catch (DistributedApplicationException e)
        {
            stack.Notifications.Failed(project, e);
        }
    }

    private static async Task<Dictionary<string, string?>> EnvironmentAsync(
        DotnetProjectResource project,
        LocalStack stack
    )
    {
        var context = new EnvironmentCallbackContext(new(isPublishMode: false), project);
        var variables = context.EnvironmentVariables;
        variables["DOTNET_ENVIRONMENT"] = "Development";
        variables["ASPNETCORE_ENVIRONMENT"] = "Development";
        variables["OTEL_SERVICE_NAME"] = project.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Environment.ProcessId}-{project.Name}";
        if (stack.History is not null)
            variables["RequestLines__Prefix"] = StackHistory.RequestPrefix;
        var urls = project.Annotations.OfType<EndpointAnnotation>().Select(e => e.Url.ToString().TrimEnd('/')).ToList();
        if (urls.Count > 0)
            variables["ASPNETCORE_URLS"] = string.Join(';', urls);
        foreach (var annotation in project.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        var texts = new Dictionary<string, string?>();
        foreach (var (name, value) in variables)
            texts[name] = value is ParameterResource parameter ? await parameter.GetValueAsync(default) : (string)value;
        return texts;
    }

    /// <summary>The dotnet that runs us, wherever it is installed.</summary>
    private static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return Executables.In(root, "dotnet") ?? "dotnet";
    }
}
