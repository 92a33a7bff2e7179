using CsCheck;
using EduPro.Domain.Pricing;
using EduPro.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EduPro.Tests.Enrollments;

/// <summary>Whatever happens in whatever order: the counters say what the ledger says, and both what should be.</summary>
public sealed class HistoryTests(Stack stack)
{
    private const int Histories = 1000,
        AtOnce = 10;

    private enum Deed
    {
        Enroll,
        EnrollWithCoupon,
        EnrollWithVoucher,
        Charge,
        LoseTheAnswer,
        Decline,
        Leave,
        Rate,
        ChangeThePrice,
        Block,
        Unblock,
    }

    /// <summary>What one of two students does with one of two courses.</summary>
    private sealed record Act(Deed Deed, int Student, int Course);

    private static readonly Gen<Act[]> Story = Gen.Select(
        Gen.Enum<Deed>(),
        Gen.Int[0, 1],
        Gen.Int[0, 1],
        (deed, student, course) => new Act(deed, student, course)
    ).Array[4, 9];

    [Fact]
    public async Task After_a_thousand_random_histories_the_ledger_equals_the_counters()
    {
        var stories = Story.Array[Histories].Single();
        var schools = await stack.SmallSchools(Histories);
        var crowd = await stack.Crowd(2 * AtOnce);
        var next = -1;

        await Task.WhenAll(
            crowd
                .Chunk(2)
                .Select(async students =>
                {
                    for (var i = Interlocked.Increment(ref next); i < Histories; i = Interlocked.Increment(ref next))
                    {
                        foreach (var act in stories[i])
                            await Play(act, schools[i], students[act.Student]);
                    }
                })
        );

        await stack.ExpectBooksBalance([.. schools.Select(school => school.Teacher)]);
        await using var db = await stack.Db();
        var earned = await db
            .TeacherMonths.GroupBy(m => m.TeacherId)
            .ToDictionaryAsync(m => m.Key, m => m.Sum(x => x.Revenue), TestContext.Current.CancellationToken);
        for (var i = 0; i < Histories; i++)
            Assert.True(
                schools[i].Expected == earned.GetValueOrDefault(schools[i].Teacher),
                $"{string.Join(", ", stories[i].AsEnumerable())}: expected {schools[i].Expected}"
            );
        Assert.InRange(schools.Count(school => school.Expected > 0), Histories / 2, Histories);
        foreach (var student in crowd)
            student.Dispose();
    }

    private async Task Play(Act act, SmallSchool school, Caller student)
    {
        var course = school.Courses[act.Course];
        var price = school.Prices[act.Course];
        switch (act.Deed)
        {
            case Deed.Enroll:
                Book(await student.Enroll(course), price);
                break;
            case Deed.EnrollWithCoupon:
                Book(
                    await student.Enroll(course, SmallSchool.Coupon),
                    Price.Discounted(price, SmallSchool.Discount).Net
                );
                break;
            case Deed.EnrollWithVoucher:
                Book(await student.Enroll(course, SmallSchool.Voucher, token: "fail"), price);
                break;
            case Deed.Charge:
                Book(
                    await student.Enroll(course, SmallSchool.Coupon, token: "good"),
                    Price.Discounted(price, SmallSchool.Discount).Net
                );
                break;
            case Deed.LoseTheAnswer:
                Book(await student.Enroll(course, token: "timeout"), price);
                break;
            case Deed.Decline:
                Assert.NotEqual(201, (await student.Enroll(course, token: "fail")).Status);
                break;
            case Deed.Rate:
                Known(await student.Post($"courses/{course}/ratings/create/", new { rating = 1 + act.Course }));
                break;
            case Deed.Leave:
                await using (var db = await stack.Db())
                {
                    var place = await db
                        .Enrollments.Where(e => e.CourseId == course && e.StudentId == student.Id)
                        .Select(e => e.Id)
                        .FirstOrDefaultAsync(TestContext.Current.CancellationToken);
                    (await student.Delete($"course/course-enrollment-delete/{course}/{place}/")).Expect(
                        place == Guid.Empty ? 404 : 200
                    );
                }
                break;
            case Deed.ChangeThePrice:
                school.Prices[act.Course] = price + 2.5m;
                await stack.Set(course, $"price = {school.Prices[act.Course]}");
                break;
            case Deed.Block or Deed.Unblock:
                await using (var db = await stack.Db())
                    await db
                        .TeacherStudents.Where(r => r.TeacherId == school.Teacher && r.StudentId == student.Id)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(r => r.IsActive, act.Deed is Deed.Unblock),
                            TestContext.Current.CancellationToken
                        );
                break;
        }

        void Book(Reply reply, decimal paid)
        {
            Known(reply);
            if (reply.Status == 201)
                school.Expected += paid;
        }

        static void Known(Reply reply) =>
            Assert.True(reply.Status is 201 or 400 or 403, $"{reply.Request} {reply.Text}");
    }
}
