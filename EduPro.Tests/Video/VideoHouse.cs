using System.Diagnostics.Metrics;
using System.Globalization;
using EduPro.Api;
using EduPro.Data;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;
using EduPro.Media;
using EduPro.ServiceDefaults;
using EduPro.Tests.Support;
using EduPro.Worker.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EduPro.Tests.Video;

/// <summary>
/// A course in a database of its own on the stack's server, an emulator of its own, and workers on the emulator's
/// clock, so that a test can have days pass and the service fail without others noticing.
/// </summary>
internal sealed class VideoHouse : IAsyncDisposable
{
    private const string Password = "Sesame-open-9";
    private readonly List<WebApplication> workers = [];
    private WebApplication? api;

    private readonly Stack stack;

    // Houses share Redis, which counts log-ins by name.
    private readonly string first = School.Unique("ada"),
        second = School.Unique("ben");

    private VideoHouse(Stack stack, VideoService service, Dictionary<string, string?> settings)
    {
        this.stack = stack;
        Service = service;
        Settings = settings;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public VideoService Service { get; }

    /// <summary>The workers' configuration.</summary>
    public Dictionary<string, string?> Settings { get; }

    /// <summary>The first teacher's course and module.</summary>
    public Guid Course { get; private set; }
    public Guid Module { get; private set; }

    /// <summary>A module of the second teacher.</summary>
    public Guid OtherModule { get; private set; }

    public DateTimeOffset Now => Service.Clock.GetUtcNow();

    public static async Task<VideoHouse> Open(Stack stack)
    {
        var service = await VideoService.Start();
        var house = new VideoHouse(
            stack,
            service,
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:edupro"] = await stack.EmptyDatabase("video"),
                ["ConnectionStrings:cache"] = await stack.ConnectionString("cache"),
                ["ConnectionStrings:blobs"] = await stack.ConnectionString("blobs"),
                ["ConnectionStrings:mail"] = await stack.ConnectionString("mail"),
                ["VdoCipher:BaseUrl"] = new Uri(service.Url, "/api").AbsoluteUri,
                ["VdoCipher:ApiSecret"] = VideoService.Secret,
                // Their pauses would pass on the fake clock only.
                ["VdoCipher:Retries"] = "0",
                ["VdoCipher:BreakerMinimum"] = "100000",
            }
        );
        await house.Furnish();
        return house;
    }

    /// <summary>Sets the emulator's and the workers' clock to the API's, or beyond.</summary>
    public void CatchUp(TimeSpan beyond = default) => Service.Clock.SetUtcNow(TimeProvider.System.GetUtcNow() + beyond);

    /// <summary>A worker that runs its jobs when a test says so.</summary>
    public Worker Worker()
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", Args = [] }
        );
        builder.Configuration.AddInMemoryCollection(Settings);
        builder.Logging.ClearProviders().AddProvider(Service.Log).AddFilter("Microsoft", LogLevel.Warning);
        builder.AddServiceDefaults();
        builder.AddEduProDb(longestStatement: TimeSpan.FromSeconds(60));
        builder.AddEduProMedia();
        builder.AddVideoJobs();
        builder.AddLevels();
        builder.Services.AddSingleton<TimeProvider>(Service.Clock);
        var app = builder.Build();
        workers.Add(app);
        return new Worker(app.Services);
    }

    /// <summary>A worker as a process of its own, in real time; disposing kills it.</summary>
    public ServiceProcess Process() => ServiceProcess.Start("EduPro.Worker", Settings);

    public async Task<T> Read<T>(Func<EduProDb, Task<T>> read)
    {
        await using var db = Open();
        return await read(db);
    }

    public Task<Lesson> Lesson(Guid id) => Read(db => db.Lessons.SingleAsync(l => l.Id == id, Ct));

    /// <summary>A lesson whose video stands as <paramref name="change"/> says.</summary>
    public async Task<Guid> AddLesson(Action<Lesson> change) => (await AddLessons(1, (lesson, _) => change(lesson)))[0];

    public async Task<Guid[]> AddLessons(int count, Action<Lesson, int> change)
    {
        await using var db = Open();
        var lessons = Enumerable
            .Range(1, count)
            .Select(order =>
            {
                var lesson = new Lesson
                {
                    Id = Guid.CreateVersion7(Now),
                    ModuleId = Module,
                    CourseId = Course,
                    Title = string.Create(CultureInfo.InvariantCulture, $"Lesson {order}"),
                    Description = "",
                    Order = order,
                    CreatedAt = Now,
                    UpdatedAt = Now,
                };
                change(lesson, order - 1);
                return lesson;
            })
            .ToList();
        db.Lessons.AddRange(lessons);
        await db.SaveChangesAsync(Ct);
        return [.. lessons.Select(lesson => lesson.Id)];
    }

    /// <summary>The id of a video at the emulator whose file has arrived.</summary>
    public async Task<string> UploadedVideo()
    {
        var client = Service.Client();
        var upload = (await client.CreateUploadAsync("A film", Ct)).Value!;
        Assert.Null(await client.UploadAsync(upload, new MemoryStream([1, 2, 3]), 3, null, Ct));
        return upload.VideoId;
    }

    /// <summary>Stores a video as the API does; the blob's name.</summary>
    public async Task<string> Stage(byte[] bytes)
    {
        var upload = await VideoUploads.CheckAsync(new MemoryStream(bytes), Ct);
        return await workers[0].Services.GetRequiredService<MediaStore>().SaveAsync(upload.File!, Ct);
    }

    public async Task<int> CourseDuration() =>
        await Read(db => db.Courses.Where(c => c.Id == Course).Select(c => c.TotalDuration).SingleAsync(Ct));

    public async ValueTask DisposeAsync()
    {
        if (api is not null)
            await api.DisposeAsync();
        foreach (var worker in workers)
            await worker.DisposeAsync();
        await Service.DisposeAsync();
    }

    private EduProDb Open() => EmptyDatabases.Open(Settings["ConnectionStrings:edupro"]!);

    /// <summary>The first teacher, as a caller of an API over this house.</summary>
    public Task<Caller> Teacher() => LogIn(first);

    public Task<Caller> OtherTeacher() => LogIn(second);

    private async Task<Caller> LogIn(string username)
    {
        if (api is null)
        {
            var builder = WebApplication.CreateBuilder(
                new WebApplicationOptions
                {
                    EnvironmentName = "Development",
                    ContentRootPath = AppContext.BaseDirectory,
                }
            );
            builder.Configuration.AddInMemoryCollection(Settings);
            builder.Configuration["VdoCipher:Timeout"] = "00:00:01";
            builder.Logging.ClearProviders().AddProvider(Service.Log).AddFilter("Microsoft", LogLevel.Warning);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.AddEduProApi();
            builder.Services.ConfigureDbContext<EduProDb>(OneModel.Use);
            api = builder.Build();
            api.UseEduProApi();
            await api.StartAsync(Ct);
        }
        var caller = new Caller(stack, new Uri(api.Urls.Single()));
        await caller.LogIn("teacher/login/", username, Password);
        return caller;
    }

    private async Task Furnish()
    {
        await using var db = Open();
        var category = new Category
        {
            Id = Guid.CreateVersion7(Now),
            Name = "Films",
            UpdatedAt = Now,
        };
        db.Add(category);
        (Course, Module) = AddTeacher(db, first, category.Id);
        (_, OtherModule) = AddTeacher(db, second, category.Id);
        await db.SaveChangesAsync(Ct);
    }

    private (Guid Course, Guid Module) AddTeacher(EduProDb db, string name, Guid category)
    {
        var teacher = new User
        {
            Id = Guid.CreateVersion7(Now),
            Type = UserType.Teacher,
            Username = name,
            Email = name + "@example.com",
            Phone = null,
            FirstName = name,
            LastName = "Byron",
            Slug = name,
            PasswordHash = PasswordHash.Create(Password),
            CreatedAt = Now,
        };
        var course = new Course
        {
            Id = Guid.CreateVersion7(Now),
            TeacherId = teacher.Id,
            CategoryId = category,
            Title = "Course",
            Description = "",
            Price = 0,
            IsPublished = true,
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        var module = new Module
        {
            Id = Guid.CreateVersion7(Now),
            CourseId = course.Id,
            Title = "Module",
            Description = "",
            Order = 1,
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        db.AddRange(teacher, new Teacher { Id = teacher.Id }, course, module);
        return (course.Id, module.Id);
    }
}

/// <summary>A worker's jobs, run one at a time or side by side.</summary>
internal sealed class Worker(IServiceProvider services)
{
    public IMeterFactory Meters { get; } = services.GetRequiredService<IMeterFactory>();

    private readonly MediaStore _store = services.GetRequiredService<MediaStore>();

    public Task<bool> HasBlob(string name) =>
        _store.ExistsAsync(MediaContainer.Documents, name, TestContext.Current.CancellationToken);

    /// <summary>Sweeps this blob only, if it is old enough: others store blobs beside it.</summary>
    public async Task Sweep(string blob)
    {
        var ct = TestContext.Current.CancellationToken;
        await using var scope = services.CreateAsyncScope();
        var job = scope.ServiceProvider.GetRequiredService<SweepStagedVideos>();
        var old = _store.ListOlderThanAsync(MediaContainer.Documents, SweepStagedVideos.Age, ct);
        await job.Remove(old.Where(file => file.Name == blob), ct);
    }

    /// <summary>Runs the job until it finds nothing to do; how much it did.</summary>
    public async Task<int> Do<TJob>(CancellationToken? ct = null)
        where TJob : class, IJob
    {
        var total = 0;
        while (true)
        {
            await using var scope = services.CreateAsyncScope();
            var done = await scope
                .ServiceProvider.GetRequiredService<TJob>()
                .Run(ct ?? TestContext.Current.CancellationToken);
            if (done == 0)
                return total;
            total += done;
        }
    }
}
