using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Enrollments;

public sealed class RatingTests(Stack stack)
{
    [Theory]
    [InlineData("retrive-upadate-delete-ratings")]
    [InlineData("retrieve-update-delete-ratings")]
    public async Task A_rating_is_created_listed_changed_and_deleted_and_the_sums_go_with_it(string path)
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Student(teacher);
        using var other = await stack.Student(teacher);
        (await student.Enroll(course)).Expect(201);
        Assert.Equal(
            "Rating created successfully",
            (await student.Post($"courses/{course}/ratings/create/", new { rating = 4, comment = "Clear." }))
                .Expect(201)["message"]
                .GetString()
        );
        using var stranger = stack.Stranger();
        var listed = (await stranger.Get($"courses/{course}/list-ratings/")).Expect(200);
        Assert.Equal("1", listed.Header("X-Pagination-Count"));
        Assert.Equal("Clear.", listed["0.comment"].GetString());
        Assert.Equal("Sara Haddad", listed["0.student.full_name"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
        var id = listed["0.id"].GetGuid();

        var changed = (await student.Patch($"course/{path}/{id}/", new { rating = 2 })).Expect(200);
        Assert.Equal((2, "Clear."), (changed["rating"].GetInt32(), changed["comment"].GetString()));
        Assert.Equal(course, changed["course"].GetGuid());
        await stack.ExpectBooksBalance(teacher.Id);
        (await student.Put($"course/{path}/{id}/", new { rating = 3, comment = "" })).Expect(200);
        var shown = (await student.Get($"course/{path}/{id}/")).Expect(200);
        Assert.Equal(JsonValueKind.Null, shown["comment"].ValueKind);
        foreach (
            var reply in new[]
            {
                await other.Get($"course/{path}/{id}/"),
                await other.Put($"course/{path}/{id}/", new { rating = 9 }),
                await other.Delete($"course/{path}/{id}/"),
                await teacher.Get($"course/{path}/{id}/"),
            }
        )
            reply.ExpectProblem(403, "Permission denied", "You can only modify your own ratings.");
        (await student.Delete($"course/{path}/{id}/")).Expect(200);
        (await student.Delete($"course/{path}/{id}/")).ExpectProblem(
            404,
            "Rating not found",
            "The specified rating does not exist."
        );
        Assert.Equal(0, (await stranger.Get($"courses/{course}/list-ratings/")).Expect(200).Json.GetArrayLength());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task Rating_is_refused_in_the_words_of_the_catalogue()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Student(teacher);
        var path = $"courses/{course}/ratings/create/";

        (await student.Post(path, new { rating = 5 })).ExpectProblem(
            403,
            "Not enrolled",
            "You must be enrolled in this course to rate it."
        );
        (await student.Enroll(course)).Expect(201);
        (await student.Post(path, new { })).ExpectFault("rating", "This field is required.");
        (await student.Post(path, new { rating = "x" })).ExpectFault("rating", "A valid integer is required.");
        var wrong = await student.Post(path, new { rating = 6, comment = new string('a', 501) });
        wrong.ExpectFault("rating", "Rating must be between 1 and 5.");
        wrong.ExpectFault("comment", "Comment cannot exceed 500 characters.");
        var comment = string.Concat(Enumerable.Repeat("😀", 500));
        (await student.Post(path, new { rating = 5, comment })).Expect(201);
        (await student.Post(path, new { rating = 5 })).ExpectProblem(
            400,
            "Already rated",
            "You have already rated this course."
        );
        (await student.Post("courses/none/ratings/create/", new { rating = 5 })).Expect(404);
        (await teacher.Post(path, new { rating = 5 })).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for students."
        );
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task A_student_rating_fifty_times_at_once_has_rated_once()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        using var student = await stack.Passerby();
        (await student.Enroll(course)).Expect(201);
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => student.Post($"courses/{course}/ratings/create/", new { rating = 5 }))
        );
        Assert.Single(replies, reply => reply.Status == 201);
        Assert.Equal(49, replies.Count(reply => reply.Status == 400));
        await stack.ExpectBooksBalance(teacher.Id);
    }
}
