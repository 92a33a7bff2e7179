using System.Diagnostics;
using EduPro.Tests.Support;

namespace EduPro.Tests.Enrollments;

/// <summary>
/// How many enrolments a second the stack of two replicas takes, over HTTP. Run it alone:
/// <c>dotnet run --project EduPro.Tests -- --filter-class "*EnrollmentFigures" --explicit only --output Detailed</c>.
/// </summary>
public sealed class EnrollmentFigures(Stack stack, ITestOutputHelper output)
{
    private const int Students = 1000,
        AtOnce = 32,
        Schools = 100;

    [Fact(Explicit = true)]
    public async Task Enrolments_per_second()
    {
        var crowd = await stack.Crowd(Students);
        var schools = await stack.SmallSchools(Schools + 2);
        await Measure("warm-up", (i, student) => student.Enroll(schools[Schools + 1].Courses[1]));
        await Measure(
            $"{Schools} coupons of {Schools} teachers",
            (i, student) => student.Enroll(schools[i % Schools].Courses[0], SmallSchool.Coupon)
        );
        await Measure(
            "one coupon of one teacher",
            (i, student) => student.Enroll(schools[Schools].Courses[0], SmallSchool.Coupon)
        );
        await Measure(
            $"charged, {Schools} teachers",
            (i, student) => student.Enroll(schools[i % Schools].Courses[1], token: "good")
        );
        await stack.ExpectBooksBalance([.. schools.Select(school => school.Teacher)]);
        crowd.ForEach(student => student.Dispose());

        async Task Measure(string what, Func<int, Caller, Task<Reply>> enroll)
        {
            var times = new double[Students];
            var start = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(
                0,
                Students,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (i, _) =>
                {
                    var begun = Stopwatch.GetTimestamp();
                    (await enroll(i, crowd[i])).Expect(201);
                    times[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                }
            );
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Array.Sort(times);
            output.WriteLine(
                $"{what}: {Students / seconds:F0}/s, p50 {times[Students / 2]:F1} ms, p99 {times[Students * 99 / 100]:F1} ms"
            );
        }
    }
}
