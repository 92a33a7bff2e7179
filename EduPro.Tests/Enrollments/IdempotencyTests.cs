using EduPro.Tests.Support;

namespace EduPro.Tests.Enrollments;

public sealed class IdempotencyTests(Stack stack)
{
    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_does_nothing()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Passerby();
        var key = School.Unique("key");

        var first = (await student.Enroll(course, key: key)).Expect(201);
        var again = (await student.Enroll(course, key: key)).Expect(201);

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Header("Content-Type"), again.Header("Content-Type"));
        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        (await student.Enroll(await teacher.Course(), key: key)).ExpectProblem(
            422,
            "Idempotency key reused",
            "This Idempotency-Key was already used for another request."
        );
        // A refusal is an answer too; and a key is its owner's.
        var refusal = School.Unique("key");
        (await student.Enroll(course, key: refusal)).Expect(400);
        var repeated = (await student.Enroll(course, key: refusal)).Expect(400);
        Assert.Equal("Already enrolled", repeated["error"].GetString());
        Assert.Equal("true", repeated.Header("Idempotency-Replayed"));
        using var other = await stack.Passerby();
        Assert.Null((await other.Enroll(course, key: key)).Expect(201).Header("Idempotency-Replayed"));
        (await student.Enroll(course, key: new string('k', 256))).Expect(400);
    }

    [Fact]
    public async Task Fifty_requests_with_one_key_work_once()
    {
        using var teacher = await stack.Teacher();
        const string path = "coupon/create/";
        var body = new { number_of_coupons = 2, price = 5 };
        var key = ("Idempotency-Key", School.Unique("key"));

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => teacher.Send(HttpMethod.Post, path, body, key))
        );

        Assert.Single(replies, reply => reply.Status == 201 && reply.Header("Idempotency-Replayed") is null);
        Assert.All(replies, reply => Assert.Contains(reply.Status, new[] { 201, 409 }));
        Assert.Single(replies.Where(reply => reply.Status == 201).Select(reply => reply.Text).Distinct());
        Assert.Equal("2", (await teacher.Get("coupon/list/")).Expect(200).Header("X-Pagination-Count"));
        foreach (var waiting in replies.Where(reply => reply.Status == 409).Take(1))
        {
            waiting.ExpectProblem(
                409,
                "Request in progress",
                "A request with this Idempotency-Key is still being processed."
            );
            Assert.Equal("1", waiting.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task A_form_sent_again_is_the_same_request()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Passerby();
        var key = ("Idempotency-Key", School.Unique("key"));
        Task<Reply> Send() =>
            student.Send(
                HttpMethod.Post,
                "course/course-enrollment/",
                new MultipartFormDataContent { { new StringContent(course.ToString()), "course" } },
                key
            );
        (await Send()).Expect(201);
        Assert.Equal("true", (await Send()).Expect(201).Header("Idempotency-Replayed"));
    }
}
