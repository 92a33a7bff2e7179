var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/alive", () => "Healthy");
app.MapGet("/health", () => "Healthy");
app.Run();
