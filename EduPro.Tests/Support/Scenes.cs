using EduPro.Api.Http;
using EduPro.Data;
using EduPro.Data.Security;
using EduPro.Domain.Accounts;
using EduPro.Domain.Catalogue;
using EduPro.Domain.Enrollments;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace EduPro.Tests.Support;

/// <summary>Story helpers of buying and selling, and crowds that would take too long to register one by one.</summary>
internal static class Scenes
{
    private static readonly Tokens DevelopmentTokens = new(
        Options.Create(new TokenOptions()),
        MasterKeys.From(
            new ConfigurationManager(),
            new HostingEnvironment { EnvironmentName = Environments.Development }
        ),
        TimeProvider.System
    );

    /// <summary>A context of the stack's database; the caller disposes it.</summary>
    public static async Task<EduProDb> Db(this Stack stack) =>
        new(
            new DbContextOptionsBuilder<EduProDb>()
                .UseNpgsql(await stack.ConnectionString("edupro"))
                .UseSnakeCaseNamingConvention()
                .Options
        );

    /// <summary>
    /// Students with accounts and sessions but no teacher yet, written behind the API, on both replicas in turn.
    /// </summary>
    public static async Task<List<Caller>> Crowd(this Stack stack, int size)
    {
        await using var db = await stack.Db();
        var now = TimeProvider.System.GetUtcNow();
        var crowd = new List<Caller>(size);
        for (var i = 0; i < size; i++)
        {
            var username = School.Unique("crowd");
            var id = Guid.CreateVersion7(now);
            var session = Guid.CreateVersion7(now);
            db.Users.Add(
                new User
                {
                    Id = id,
                    Type = UserType.Student,
                    Username = username,
                    Email = username + "@example.com",
                    Phone = School.UniquePhone(),
                    FirstName = "Noor",
                    LastName = "Salem",
                    Slug = username,
                    PasswordHash = "none",
                    CreatedAt = now,
                    Student = new Student { Id = id, ParentPhone = "441234567" },
                }
            );
            db.Sessions.Add(
                new Session
                {
                    Id = session,
                    UserId = id,
                    CreatedAt = now,
                    ExpiresAt = now.AddDays(1),
                }
            );
            var api = stack.Stranger(replica: 1 + (i % 2));
            (api.Id, api.Username) = (id, username);
            api.Access = DevelopmentTokens.Access(id, UserType.Student, session);
            crowd.Add(api);
        }
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return crowd;
    }

    /// <summary>One of a crowd.</summary>
    public static async Task<Caller> Passerby(this Stack stack) => (await stack.Crowd(1))[0];

    /// <summary>Brings a student to a teacher.</summary>
    public static async Task Join(this Caller student, Caller teacher) =>
        (await student.Post($"join-teacher/{teacher.Username}/")).Expect(201);

    public static Task<Reply> Enroll(
        this Caller student,
        Guid course,
        string? coupon = null,
        string? token = null,
        string? key = null
    ) =>
        student.Send(
            HttpMethod.Post,
            "course/course-enrollment/",
            new
            {
                course,
                coupon_code = coupon,
                payment_token = token,
            },
            key is null ? [] : [("Idempotency-Key", key)]
        );

    /// <summary>A new coupon of the teacher.</summary>
    public static async Task<Reply> Coupon(
        this Caller teacher,
        int percentage = 20,
        int? uses = null,
        Guid[]? courses = null,
        string? code = null
    ) =>
        (
            await teacher.Post(
                "coupon/create/",
                new
                {
                    code,
                    discount_percentage = percentage,
                    valid_from = TimeProvider.System.GetUtcNow().AddDays(-1),
                    valid_until = TimeProvider.System.GetUtcNow().AddDays(30),
                    max_uses = uses,
                    courses,
                }
            )
        ).Expect(201);

    /// <summary>The enrolment's id.</summary>
    public static async Task<Guid> EnrollmentOf(this Caller student, Caller teacher, Guid course) =>
        (await student.Get($"course/course-enrollment-list/{teacher.Username}/"))
            .Expect(200)
            .Json.EnumerateArray()
            .Single(e => e.GetProperty("course").GetProperty("id").GetGuid() == course)
            .GetProperty("id")
            .GetGuid();

    /// <summary>Blocks a student, or unblocks one who is blocked.</summary>
    public static async Task Block(this Caller teacher, Caller student, bool blocked = true)
    {
        var toggled = (await teacher.Post($"teacher/students/toggle-block/{student.Id}/")).Expect(200);
        Assert.Equal(blocked, toggled["is_blocked"].GetBoolean());
    }

    /// <summary>Changes a course behind the API.</summary>
    public static async Task Set(this Stack stack, Guid course, FormattableString assignment)
    {
        await using var database = await stack.Database();
        await using var command = database.CreateCommand();
        command.CommandText = $"UPDATE courses SET {FormattableString.Invariant(assignment)} WHERE id = '{course}'";
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Fails unless the teacher's counters say what ledger, enrolments, ratings and relations say.</summary>
    public static async Task ExpectBooksBalance(this Stack stack, params Guid[] teachers)
    {
        await using var db = await stack.Db();
        await db.ExpectBooksBalance(teachers);
    }

    /// <inheritdoc cref="ExpectBooksBalance(Stack, Guid[])"/>
    public static async Task ExpectBooksBalance(this EduProDb db, params Guid[] teachers)
    {
        var ct = TestContext.Current.CancellationToken;
        var courses = await db
            .Courses.Where(c => teachers.Contains(c.TeacherId))
            .Select(c => new
            {
                c.Id,
                c.Revenue,
                c.EnrollmentCount,
                c.RatingCount,
                c.RatingSum,
                Paid = db.LedgerEntries.Where(e => e.CourseId == c.Id).Sum(e => e.Net),
                Enrolled = db.Enrollments.Count(e => e.CourseId == c.Id),
                Held = db.Payments.Count(p => p.HeldCourseId == c.Id && p.HeldModuleId == null),
                Rated = db.Ratings.Count(r => r.CourseId == c.Id),
                Rating = db.Ratings.Where(r => r.CourseId == c.Id).Sum(r => r.Value),
            })
            .ToListAsync(ct);
        Assert.NotEmpty(courses);
        Assert.All(
            courses,
            c =>
                Assert.Equal(
                    (c.Paid, c.Enrolled + c.Held, c.Rated, c.Rating),
                    (c.Revenue, c.EnrollmentCount, c.RatingCount, c.RatingSum)
                )
        );
        var kept = await db
            .Teachers.Where(t => teachers.Contains(t.Id))
            .Select(t => new
            {
                t.StudentCount,
                t.RatingCount,
                t.RatingSum,
                Rated = db.Ratings.Count(r => r.Course.TeacherId == t.Id),
                Rating = db.Ratings.Where(r => r.Course.TeacherId == t.Id).Sum(r => r.Value),
                Students = db.TeacherStudents.Count(r => r.TeacherId == t.Id && r.RemovedAt == null),
                Paid = db.LedgerEntries.Where(e => e.TeacherId == t.Id).Sum(e => e.Net),
                Revenue = db.TeacherMonths.Where(m => m.TeacherId == t.Id).Sum(m => m.Revenue),
            })
            .ToListAsync(ct);
        Assert.Equal(teachers.Length, kept.Count);
        Assert.All(
            kept,
            t =>
                Assert.Equal(
                    (t.Students, t.Paid, t.Rated, t.Rating),
                    (t.StudentCount, t.Revenue, t.RatingCount, t.RatingSum)
                )
        );
        var coupons = await db
            .Coupons.Where(c => teachers.Contains(c.TeacherId))
            .Select(c => new
            {
                c.UsageCount,
                Uses = db.LedgerEntries.Count(e => e.CouponId == c.Id)
                    + db.Payments.Count(p => p.CouponId == c.Id && p.Status == PaymentStatus.Pending),
            })
            .ToListAsync(ct);
        Assert.All(coupons, c => Assert.Equal(c.Uses, c.UsageCount));
    }

    /// <summary>Schools written behind the API.</summary>
    public static async Task<List<SmallSchool>> SmallSchools(this Stack stack, int number)
    {
        await using var db = await stack.Db();
        var now = TimeProvider.System.GetUtcNow();
        var category = await stack.Category();
        var schools = new List<SmallSchool>(number);
        for (var i = 0; i < number; i++)
        {
            var school = new SmallSchool
            {
                Teacher = Guid.CreateVersion7(now),
                Courses = [Guid.CreateVersion7(now), Guid.CreateVersion7(now)],
            };
            schools.Add(school);
            var username = School.Unique("small");
            db.Users.Add(
                new User
                {
                    Id = school.Teacher,
                    Type = UserType.Teacher,
                    Username = username,
                    Email = username + "@example.com",
                    Phone = null,
                    FirstName = "Ibn",
                    LastName = "Sina",
                    Slug = username,
                    PasswordHash = "none",
                    CreatedAt = now,
                    Teacher = new Teacher { Id = school.Teacher },
                }
            );
            db.Courses.AddRange(
                school.Courses.Select(
                    (id, c) =>
                        new Course
                        {
                            Id = id,
                            TeacherId = school.Teacher,
                            CategoryId = category,
                            Title = "Course",
                            Description = "",
                            Price = school.Prices[c],
                            IsPublished = true,
                            CreatedAt = now,
                            UpdatedAt = now,
                        }
                )
            );
            db.Coupons.AddRange(
                NewCoupon(SmallSchool.Coupon, SmallSchool.Discount, null),
                NewCoupon(SmallSchool.Voucher, 100, SmallSchool.VoucherValue)
            );

            Coupon NewCoupon(string code, int percentage, decimal? value) =>
                new()
                {
                    Id = Guid.CreateVersion7(now),
                    TeacherId = school.Teacher,
                    Code = code,
                    DiscountPercentage = percentage,
                    VoucherValue = value,
                    ValidFrom = now.AddDays(-1),
                    ValidUntil = now.AddDays(1),
                    MaxUses = value is null ? null : 1,
                    CreatedAt = now,
                };
        }
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        return schools;
    }
}

/// <summary>
/// A teacher with two courses, a coupon without limit, a voucher, and a place to note what they should have earned.
/// </summary>
internal sealed class SmallSchool
{
    public const string Coupon = "COUPON",
        Voucher = "VOUCHER";

    public const int Discount = 37;
    public const decimal VoucherValue = 25;

    public required Guid Teacher { get; init; }
    public required Guid[] Courses { get; init; }
    public decimal[] Prices { get; } = [19.99m, 30.05m];
    public decimal Expected { get; set; }
}
