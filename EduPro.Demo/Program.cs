using EduPro.Demo;
using EduPro.ServiceDefaults;

var builder = Host.CreateApplicationBuilder(args);
builder.AddServiceDefaults();
builder
    .Services.AddHttpClient(Person.Api, client => client.BaseAddress = new Uri("http://api/api/"))
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseCookies = false });
builder.Services.AddSingleton<DemoSchool>();

using var host = builder.Build();
await host.Services.GetRequiredService<DemoSchool>().Open(builder.Configuration);
