using EduPro.Data;
using EduPro.Data.Sales;
using EduPro.Media;
using EduPro.ServiceDefaults;
using EduPro.Worker.Jobs;
using EduPro.Worker.Mail;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddEduProDb(longestStatement: TimeSpan.FromSeconds(60));
builder.AddCache();
builder.AddEduProMedia();
builder.AddJob<CloseExpiredAttempts>(every: TimeSpan.FromSeconds(5));
builder.AddMail();
builder.AddJob<ForgetOldRows>(every: TimeSpan.FromHours(1));
builder.AddJob<SweepBlobs>(every: TimeSpan.FromMinutes(15));
builder.AddVideoJobs();
builder.AddPayments();
builder.AddJob<SettlePayments>(every: TimeSpan.FromSeconds(15));
builder.AddJob<ReconcileCounters>(every: TimeSpan.FromHours(1));
builder.AddLevels();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
