namespace EduPro.LocalHosting;

/// <summary>Maildev: takes every mail, delivers none, shows all.</summary>
internal sealed class MailServer(IResource resource, int? httpPort, int? smtpPort)
{
    public EndpointAnnotation Http { get; } = new("http", "http", httpPort);
    public EndpointAnnotation Smtp { get; } = new("smtp", "smtp", smtpPort);

    public async Task StartAsync(LocalStack stack, CancellationToken ct)
    {
        var modules = await NpmPackages.InstallAsync("servers", allowScripts: false, stack.Console, ct);
        var process = stack.Supervise(
            resource,
            new(
                NpmPackages.Node(),
                [
                    Path.Combine(modules, "maildev", "dist", "bin", "maildev.js"),
                    "--ip",
                    "127.0.0.1",
                    "--web-ip",
                    "127.0.0.1",
                    "--smtp",
                    $"{Smtp.AllocatedPort}",
                    "--web",
                    $"{Http.AllocatedPort}",
                    "--max-emails",
                    "500",
                    "--silent",
                ]
            )
            {
                WorkingDirectory = stack.Folder.Of(resource.Name),
            }
        );
        var page = new Uri($"http://127.0.0.1:{Http.AllocatedPort}/api/config");
        await Health.UntilAsync(token => Health.HttpAsync(page, 200, token), resource, process, stack, ct);
    }
}
