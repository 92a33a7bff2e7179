using EduPro.Api;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddEduProApi();

var app = builder.Build();
app.UseEduProApi();
app.Run();
