using EduPro.Data;
using EduPro.MigrationService;
using EduPro.ServiceDefaults;

var builder = Host.CreateApplicationBuilder(args);
builder.AddServiceDefaults();
builder.AddEduProDb(longestStatement: TimeSpan.FromMinutes(30));
builder.Services.Configure<AdminOptions>(builder.Configuration.GetSection("Admin"));
builder.Services.AddScoped<Migrator>();

using var host = builder.Build();
await using var scope = host.Services.CreateAsyncScope();
return await scope.ServiceProvider.GetRequiredService<Migrator>().Run(CancellationToken.None);
