using System.Text.Json;
using EduPro.Tests.Support;

namespace EduPro.Tests.Enrollments;

/// <summary>What the web client in use reads, under its own prefix.</summary>
public sealed class EnrollmentsV1Tests(Stack stack)
{
    [Fact]
    public async Task A_student_sees_their_courses_in_an_envelope()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10, title: "Optics");
        using var student = await stack.Passerby();
        (await student.Post("/api/v1/course/course-enrollment/", new { course_id = course, coupon_code = "" })).Expect(
            201
        );
        (await student.Post("/api/v1/course/course-enrollment/", new { course_id = "x" })).ExpectFault(
            "course_id",
            "Must be a valid UUID."
        );

        var list = (await student.Get($"/api/v1/course/course-enrollment-list/{teacher.Username}")).Expect(200);

        Assert.Equal(1, list["count"].GetInt32());
        Assert.Equal(course, list["results.0.id"].GetGuid());
        Assert.Equal("Optics", list["results.0.title"].GetString());
        Assert.Equal("active", list["results.0.status"].GetString());
        Assert.Equal("full", list["results.0.access_type"].GetString());
        var teachers = (await teacher.Get($"/api/v1/course/course-enrollment-list/{teacher.Username}")).Expect(200);
        Assert.Equal("Optics", teachers["0.course.title"].GetString());
        var students = (await teacher.Get($"/api/v1/get_student-enrollments/{course}")).Expect(200);
        Assert.Equal(student.Username, students["0.user.username"].GetString());
        var revenue = (await teacher.Get("/api/v1/teacher/revenue/")).Expect(200);
        Assert.Equal("10.00", revenue["revenue"].GetString());
    }

    [Fact]
    public async Task Coupons_come_in_envelopes_of_ten_with_prices_as_numbers()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var code = (await teacher.Post("/api/v1/coupon/create/", new { number_of_coupons = 11, price = "12.50" }))
            .Expect(201)["code"]
            .GetString();
        using var student = await stack.Passerby();
        (await student.Enroll(course, code)).Expect(201);

        var list = (await teacher.Get("/api/v1/coupon/list/?page=1")).Expect(200);

        Assert.Equal(11, list["count"].GetInt32());
        Assert.Equal(10, list["results"].GetArrayLength());
        Assert.EndsWith("/api/v1/coupon/list/?page=2", list["next"].GetString(), StringComparison.Ordinal);
        Assert.Equal(12.5, list["results.0.price"].GetDouble());
        Assert.Equal(JsonValueKind.String, list["results.0.expiration_date"].ValueKind);
        Assert.Equal(JsonValueKind.String, list["results.0.date"].ValueKind);
        var used = (await teacher.Get("/api/v1/coupon/used-coupons/?page=1")).Expect(200);
        Assert.Equal("Noor Salem", used["results.0.student"].GetString());
        Assert.Equal(JsonValueKind.String, used["results.0.course"].ValueKind);
        Assert.Equal(12.5, used["results.0.coupon.price"].GetDouble());
        Assert.Equal(code, used["results.0.coupon.code"].GetString());

        var documented = (await teacher.Get("coupon/list/?page=2")).Expect(200);
        Assert.Equal(1, documented.Json.GetArrayLength());
        Assert.Equal("12.50", documented["0.price"].GetString());
    }
}
