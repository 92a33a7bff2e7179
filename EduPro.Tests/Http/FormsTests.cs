using System.Net.Http.Headers;
using EduPro.Tests.Accounts;
using EduPro.Tests.Support;

namespace EduPro.Tests.Http;

/// <summary>Bodies as browsers and broken clients send them.</summary>
public sealed class FormsTests(Stack stack)
{
    private const string Boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

    private static StringContent Multipart(string body) =>
        new(body.Replace("\n", "\r\n", StringComparison.Ordinal))
        {
            Headers = { ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}") },
        };

    private static string Part(string disposition, string text) =>
        $"--{Boundary}\nContent-Disposition: form-data; {disposition}\n\n{text}\n";

    [Fact]
    public async Task A_file_input_that_was_left_empty_changes_nothing_and_an_empty_text_clears()
    {
        using var teacher = await stack.Teacher();
        Task<Reply> Change(string parts) =>
            teacher.Patch("teacher/update-profile/", Multipart($"{parts}--{Boundary}--\n"));
        var pictures = new MultipartFormDataContent
        {
            { new ByteArrayContent(RegistrationTests.Pixel), "avatar", "me.png" },
            { new ByteArrayContent(RegistrationTests.Pixel), "logo", "logo.png" },
        };
        (await teacher.Patch("teacher/update-profile/", pictures)).Expect(200);

        var changed = (
            await Change(
                Part("name=\"avatar\"; filename=\"\"\nContent-Type: application/octet-stream", "")
                    + Part("name=\"logo\"", "")
                    + Part("name=\"bio\"", "Counts.")
                    + Part("name=\"bio\"", "عدّ")
            )
        ).Expect(200);

        Assert.NotNull(changed["avatar"].GetString());
        Assert.Null(changed["logo"].GetString());
        Assert.Equal("عدّ", changed["bio"].GetString());
        (await Change(Part("name=\"avatar\"; filename=\"me.png\"", ""))).ExpectFault(
            "avatar",
            "The submitted file is empty."
        );
    }

    [Fact]
    public async Task A_form_that_breaks_off_is_a_400()
    {
        using var teacher = await stack.Teacher();
        foreach (
            var body in (string[])
                [
                    "",
                    Part("name=\"bio\"", "Counts."),
                    Part("name=\"avatar\"; filename=\"me.png\"", "half a pict"),
                    Part("name=\"bio\"", new string('x', (1 << 20) + 1)) + $"--{Boundary}--\n",
                    string.Concat(Enumerable.Repeat(Part("name=\"bio\"", ""), 1025)) + $"--{Boundary}--\n",
                ]
        )
            (await teacher.Patch("teacher/update-profile/", Multipart(body + " "))).ExpectProblem(
                400,
                "Invalid request",
                "The form could not be read."
            );
    }

    [Fact]
    public async Task Who_may_not_call_learns_that_before_what_is_wrong_with_the_body()
    {
        using var stranger = stack.Stranger();
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        var course = await teacher.Course();
        Task<Reply> Change(Caller caller, object id) =>
            caller.Patch($"course/update/{id}/", new StringContent("x", new MediaTypeHeaderValue("text/plain")));

        (await Change(stranger, course)).Expect(401);
        (await Change(other, course)).Expect(403);
        (await Change(teacher, Guid.Empty)).Expect(404);
        (await Change(teacher, course)).Expect(415);
    }

    [Theory]
    [InlineData("[]", "Invalid data. Expected a dictionary, but got list.")]
    [InlineData("\"x\"", "Invalid data. Expected a dictionary, but got str.")]
    [InlineData("5", "Invalid data. Expected a dictionary, but got int.")]
    [InlineData("1e2", "Invalid data. Expected a dictionary, but got float.")]
    [InlineData("true", "Invalid data. Expected a dictionary, but got bool.")]
    [InlineData("null", "No data provided")]
    public async Task A_body_that_is_no_object_is_named(string body, string message)
    {
        using var stranger = stack.Stranger();
        var json = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        (await stranger.Post("teacher/teacher-register/", json)).ExpectFault("non_field_errors", message);
    }

    [Fact]
    public async Task Lengths_are_counted_in_characters()
    {
        using var teacher = await stack.Teacher();
        Task<Reply> Change(int length) =>
            teacher.Patch(
                "teacher/update-profile/",
                new { last_name = string.Concat(Enumerable.Repeat("😀", length)) }
            );

        (await Change(150)).Expect(200);
        (await Change(151)).ExpectFault("last_name", "Ensure this field has no more than 150 characters.");
    }
}
