using EduPro.Api;

var builder = WebApplication.CreateBuilder(args);
builder.AddEduProApi();

var app = builder.Build();
app.UseEduProApi();
app.Run();
