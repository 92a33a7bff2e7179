using EduPro.Tests.Support;

namespace EduPro.Tests.Enrollments;

public sealed class CouponTests(Stack stack)
{
    private static DateTimeOffset InDays(int days) => TimeProvider.System.GetUtcNow().AddDays(days);

    [Fact]
    public async Task A_coupon_is_created_shown_changed_and_deleted()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course();
        var created = await teacher.Coupon(percentage: 25, uses: 3, courses: [course], code: " Spring ");

        Assert.Equal("Spring", created["code"].GetString());
        Assert.Equal(25, created["discount_percentage"].GetInt32());
        Assert.Equal(3, created["max_uses"].GetInt32());
        Assert.Equal(course, created["courses.0"].GetGuid());
        Assert.False(created.Json.TryGetProperty("coupons", out _));
        var id = created["id"].GetGuid();
        (await teacher.Patch($"coupon/update/{id}/", new { discount_percentage = 30, courses = (Guid[]?)null })).Expect(
            200
        );
        var shown = (await teacher.Get($"coupon/detail/{id}/")).Expect(200);
        Assert.Equal(30, shown["discount_percentage"].GetInt32());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, shown["courses"].ValueKind);
        Assert.True(shown["is_active"].GetBoolean());
        Assert.Equal(0, shown["usage_count"].GetInt32());
        Assert.Equal(id, (await teacher.Get("coupon/list/")).Expect(200)["0.id"].GetGuid());
        Assert.Equal(
            "Coupon deleted successfully",
            (await teacher.Delete($"coupon/delete/{id}/")).Expect(200)["message"].GetString()
        );
        (await teacher.Get($"coupon/detail/{id}/")).ExpectProblem(
            404,
            "Coupon not found",
            "The specified coupon does not exist."
        );
        await teacher.Coupon(code: "spring");
    }

    [Fact]
    public async Task Another_teachers_coupon_does_not_exist()
    {
        using var teacher = await stack.Teacher();
        using var other = await stack.Teacher();
        var id = (await teacher.Coupon())["id"].GetGuid();
        foreach (
            var reply in new[]
            {
                await other.Get($"coupon/detail/{id}/"),
                await other.Put($"coupon/update/{id}/", new { discount_percentage = "nonsense" }),
                await other.Delete($"coupon/delete/{id}/"),
            }
        )
            reply.ExpectProblem(404, "Coupon not found", "The specified coupon does not exist.");
        Assert.Equal(0, (await other.Get("coupon/list/")).Expect(200).Json.GetArrayLength());
        using var student = await stack.Passerby();
        (await student.Get("coupon/list/")).ExpectProblem(
            403,
            "Wrong user type",
            "This action is only available for teachers."
        );
    }

    [Fact]
    public async Task What_is_wrong_with_a_coupon_is_said_word_by_word_and_all_at_once()
    {
        using var teacher = await stack.Teacher();
        await teacher.Coupon(code: "TAKEN");
        const string path = "coupon/create/";

        var empty = await teacher.Post(path, new { });
        foreach (var field in new[] { "discount_percentage", "valid_from", "valid_until" })
            empty.ExpectFault(field, "This field is required.");

        var unread = await teacher.Post(
            path,
            new
            {
                code = "taken",
                discount_percentage = "x",
                valid_from = "soon",
                max_uses = "x",
                number_of_coupons = "x",
            }
        );
        unread.ExpectFault("code", "Coupon code already exists.");
        unread.ExpectFault("discount_percentage", "A valid integer is required.");
        unread.ExpectFault("valid_from", "Invalid date format.");
        unread.ExpectFault("valid_until", "This field is required.");
        unread.ExpectFault("max_uses", "A valid integer is required.");
        unread.ExpectFault("number_of_coupons", "A valid integer is required.");

        var wrong = await teacher.Post(
            path,
            new
            {
                discount_percentage = 101,
                valid_from = InDays(1),
                valid_until = InDays(-1),
                max_uses = 0,
                number_of_coupons = 0,
                courses = new[] { Guid.Empty },
            }
        );
        wrong.ExpectFault(
            "discount_percentage",
            "Discount percentage must be between 1 and 100.",
            "Discount percentage cannot exceed 100%."
        );
        wrong.ExpectFault(
            "valid_until",
            "Valid until date must be after valid from date.",
            "Coupon expiration date cannot be in the past."
        );
        wrong.ExpectFault("max_uses", "Max uses must be greater than 0.");
        wrong.ExpectFault("number_of_coupons", "Number of coupons must be at least 1.");
        wrong.ExpectFault("courses", $"Invalid pk \"{Guid.Empty}\" - object does not exist.");

        var id = (await teacher.Coupon())["id"].GetGuid();
        (await teacher.Patch($"coupon/update/{id}/", new { discount_percentage = 0 })).ExpectFault(
            "discount_percentage",
            "Discount percentage must be between 1 and 100."
        );
        (await teacher.Patch($"coupon/update/{id}/", new { code = "Taken" })).ExpectFault(
            "code",
            "Coupon code already exists."
        );
        var changed = await teacher.Patch(
            $"coupon/update/{id}/",
            new
            {
                code = "taken",
                valid_from = InDays(90),
                max_uses = 0,
            }
        );
        changed.ExpectFault("code", "Coupon code already exists.");
        changed.ExpectFault("valid_until", "Valid until date must be after valid from date.");
        changed.ExpectFault("max_uses", "Max uses must be greater than 0.");
    }

    [Fact]
    public async Task Several_coupons_are_created_at_once_each_with_a_code_of_its_own()
    {
        using var teacher = await stack.Teacher();
        var created = (
            await teacher.Post(
                "coupon/create/",
                new
                {
                    discount_percentage = 5,
                    valid_from = InDays(0),
                    valid_until = InDays(1),
                    number_of_coupons = 3,
                }
            )
        ).Expect(201);
        var codes = created["coupons"].EnumerateArray().Select(c => c.GetProperty("code").GetString()!).ToList();
        Assert.Equal(3, codes.Distinct().Count());
        Assert.Equal(codes[0], created["code"].GetString());
        Assert.All(codes, code => Assert.Matches("^[A-HJKMNP-Z2-9]{10}$", code));
    }

    [Fact]
    public async Task Using_a_coupon_is_refused_in_the_words_of_the_catalogue()
    {
        using var teacher = await stack.Teacher();
        using var stranger = await stack.Teacher();
        var course = await teacher.Course(price: 100);
        var other = await teacher.Course(price: 100);
        using var student = await stack.Passerby();
        using var second = await stack.Passerby();
        async Task<string> Code(Task<Reply> coupon) => (await coupon)["code"].GetString()!;

        void ExpectNone(Reply reply) =>
            reply.ExpectProblem(404, "Coupon not found", "The specified coupon does not exist.");
        ExpectNone(await student.Enroll(course, "no-such-code"));
        ExpectNone(await student.Enroll(course, await Code(stranger.Coupon())));
        ExpectNone(await student.Enroll(course, await Code(teacher.Coupon(courses: [other]))));
        ExpectNone(await student.Enroll(course, "FREE"));

        var expired = await teacher.Coupon();
        await using (var database = await stack.Database())
        {
            await using var command = database.CreateCommand();
            command.CommandText =
                $"UPDATE coupons SET valid_until = now() - interval '1 minute' WHERE id = '{expired["id"].GetGuid()}'";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        (await student.Enroll(course, expired["code"].GetString())).ExpectProblem(
            400,
            "Coupon expired",
            "This coupon has expired and cannot be used."
        );

        var once = await Code(teacher.Coupon(uses: 1));
        (await student.Enroll(course, once.ToLowerInvariant())).Expect(201);
        (await student.Enroll(other, once)).ExpectProblem(400, "Already used", "You have already used this coupon.");
        (await second.Enroll(course, once)).ExpectProblem(
            400,
            "Usage limit reached",
            "This coupon has reached its maximum usage limit."
        );
        var used = (await teacher.Get("coupon/used-coupons/")).Expect(200);
        Assert.Equal(1, used.Json.GetArrayLength());
        Assert.Equal(once, used["0.coupon.code"].GetString());
        Assert.Equal(student.Username, used["0.student.username"].GetString());
        Assert.Equal("80.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Theory]
    [InlineData("/api/")]
    [InlineData("/api/v1/")]
    public async Task A_voucher_pays_what_it_covers_in_full(string prefix)
    {
        using var teacher = await stack.Teacher();
        var cheap = await teacher.Course(price: 30);
        var dear = await teacher.Course(price: 30.01m);
        var created = (await teacher.Post(prefix + "coupon/create/", new { number_of_coupons = 2, price = 30 })).Expect(
            201
        );
        Assert.Equal(2, created["coupons"].GetArrayLength());
        Assert.Equal(1, created["max_uses"].GetInt32());
        var code = created["code"].GetString();
        using var student = await stack.Passerby();
        using var second = await stack.Passerby();

        (await student.Enroll(dear, code)).ExpectProblem(
            400,
            "Insufficient funds",
            "You do not have sufficient funds to complete this transaction."
        );
        // The token would be declined: a voucher asks no gateway.
        (await student.Enroll(cheap, code, token: "fail")).Expect(201);
        (await second.Enroll(cheap, code)).ExpectProblem(
            400,
            "Usage limit reached",
            "This coupon has reached its maximum usage limit."
        );
        Assert.Equal("30.00", (await teacher.Get("teacher/revenue/")).Expect(200)["total_revenue"].GetString());
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task A_free_course_takes_the_code_FREE_and_needs_none()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 0);
        var once = await teacher.Coupon(uses: 1);
        using var first = await stack.Passerby();
        using var second = await stack.Passerby();
        using var third = await stack.Passerby();
        (await first.Enroll(course, "free")).Expect(201);
        (await second.Enroll(course)).Expect(201);
        (await third.Enroll(course, once["code"].GetString())).Expect(201);
        Assert.Equal(
            0,
            (await teacher.Get($"coupon/detail/{once["id"].GetGuid()}/")).Expect(200)["usage_count"].GetInt32()
        );
        await stack.ExpectBooksBalance(teacher.Id);
    }

    [Fact]
    public async Task A_limit_cannot_fall_below_the_uses()
    {
        using var teacher = await stack.Teacher();
        var course = await teacher.Course(price: 10);
        var coupon = await teacher.Coupon(uses: 5);
        foreach (var student in await stack.Crowd(2))
        {
            using (student)
                (await student.Enroll(course, coupon["code"].GetString())).Expect(201);
        }
        (await teacher.Patch($"coupon/update/{coupon["id"].GetGuid()}/", new { max_uses = 1 })).ExpectFault(
            "max_uses",
            "Ensure this value is greater than or equal to 2."
        );
        (await teacher.Patch($"coupon/update/{coupon["id"].GetGuid()}/", new { max_uses = 2 })).Expect(200);
        Assert.False((await teacher.Get("coupon/list/")).Expect(200)["0.is_active"].GetBoolean());
    }
}
