using EduPro.Tests.Support;

namespace EduPro.Tests.WebClient;

public sealed partial class WebClientTests
{
    [Fact, Row(38)]
    public async Task A_student_enrols_with_a_code_or_for_free()
    {
        using var student = await school.Stack.Student(school.Teacher);
        var (paid, free) = (await school.Teacher.Course(price: 10), await school.Teacher.Course(price: 0));
        Task<Reply> Enrol(Guid course_id, string coupon_code) =>
            student.Post(V1 + "course/course-enrollment/", new { course_id, coupon_code });

        (await Enrol(paid, "nonsense")).Expect(404);
        (await Enrol(paid, await Voucher(10))).Expect(201);
        (await Enrol(free, "FREE")).Expect(201);
        (await student.Post(V1 + "course/course-enrollment/", new { course_id = "x" })).ExpectFault(
            "course_id",
            "Must be a valid UUID."
        );
    }

    [Fact, Row(39)]
    public async Task A_student_sees_their_courses_in_an_envelope()
    {
        using var browser = await school.StudentsBrowser();
        var path = $"course/course-enrollment-list/{school.Teacher.Username}";
        var mine = (await browser.Get(V1 + path))
            .Expect(200)
            .Reads("count(number),results[].{id,title,description,thumbnail,status,access_type}");
        Assert.Equal(
            (school.Course, "Optics", "active", "full"),
            (
                mine["results.0.id"].GetGuid(),
                mine["results.0.title"].GetString(),
                mine["results.0.status"].GetString(),
                mine["results.0.access_type"].GetString()
            )
        );
        var documented = (await browser.Get(path)).Expect(200).ReadsEach("id,course.id");
        Assert.NotEqual(school.Course, documented["0.id"].GetGuid());
    }

    [Fact, Row(40)]
    public async Task A_teacher_makes_vouchers()
    {
        using var teacher = await school.Stack.Teacher();
        var vouchers = new { number_of_coupons = 11, price = "12.50" };
        (await teacher.Post(V1 + "coupon/create/", vouchers)).Expect(201);
        (await teacher.Post("coupon/create/", vouchers)).Expect(201);
        Assert.Equal(22, (await teacher.Get(V1 + "coupon/list/?page=1")).Expect(200)["count"].GetInt32());
    }

    [Fact, Row(41)]
    public async Task A_teacher_pages_through_codes_ten_at_a_time()
    {
        using var teacher = await school.Stack.Teacher();
        (await teacher.Post(V1 + "coupon/create/", new { number_of_coupons = 11, price = "12.50" })).Expect(201);
        var page = (await teacher.Get(V1 + "coupon/list/?page=1"))
            .Expect(200)
            .Reads("count,results[].{id,code,is_active,price(number),date(string),expiration_date(string)}");
        Assert.Equal((11, 10), (page["count"].GetInt32(), page["results"].GetArrayLength()));
        Assert.EndsWith("/api/v1/coupon/list/?page=2", page["next"].GetString(), StringComparison.Ordinal);
        (await teacher.Get("coupon/list/")).Expect(200).ReadsEach("price(string)");
    }

    [Fact, Row(42)]
    public async Task A_teacher_pages_through_used_codes()
    {
        using var browser = await school.TeachersBrowser();
        var used = (await browser.Get(V1 + "coupon/used-coupons/?page=1"))
            .Expect(200)
            .Reads(
                """
                count,results[].{id,used_at,student(string),course(string),
                coupon.{code,price(number),date,expiration_date}}
                """
            );
        Assert.Contains(
            "Sara Haddad",
            used["results"].EnumerateArray().Select(u => u.GetProperty("student").GetString())
        );
        (await browser.Get("coupon/used-coupons/")).Expect(200).ReadsEach("student(object)");
    }

    [Fact, Row(43)]
    public async Task A_teacher_sees_who_is_enrolled()
    {
        using var browser = await school.TeachersBrowser();
        (await browser.Get(V1 + $"get_student-enrollments/{school.Course}"))
            .Expect(200)
            .ReadsEach("id,full_name,profile_picture,user.{username,email,phone,is_active}");
    }

    [Fact, Row(44)]
    public async Task Ratings_are_listed()
    {
        using var browser = school.Browser();
        (await browser.Get(V1 + $"courses/{school.Course}/list-ratings/"))
            .Expect(200)
            .ReadsEach("id,rating(number),comment,created_at,student.full_name");
    }

    [Fact, Row(45)]
    public async Task A_student_rates_once_and_only_what_they_have()
    {
        using var student = await school.Stack.Student(school.Teacher);
        var course = await school.Teacher.Course(price: 0);
        var path = V1 + $"courses/{course}/ratings/create/";
        var rating = new { rating = 4, comment = "Good." };
        Assert.Contains("enrolled", (await student.Post(path, rating)).Expect(403)["detail"].GetString());
        (await student.Enroll(course)).Expect(201);
        (await student.Post(path, rating)).Expect(201);
        Assert.Contains("already rated", (await student.Post(path, rating)).Expect(400)["detail"].GetString());
    }

    private async Task<string> Voucher(decimal price) =>
        (await school.Teacher.Post(V1 + "coupon/create/", new { number_of_coupons = 1, price }))
            .Expect(201)["code"]
            .GetString()!;
}
