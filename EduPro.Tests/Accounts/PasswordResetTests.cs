using EduPro.Tests.Support;

namespace EduPro.Tests.Accounts;

public sealed class PasswordResetTests(Stack stack)
{
    private const string Renewed = "Open-sesame-11";

    [Fact]
    public async Task A_mailed_code_sets_a_new_password_once_and_ends_all_sessions()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger(replica: 2);
        var email = teacher.Email.ToUpperInvariant();

        var asked = (await stranger.Post("password-reset/request/", new { email })).Expect(200);
        Assert.Equal("OTP sent to your email", asked["message"].GetString());
        var mail = (await stack.MailsTo(teacher.Email))[0];
        var otp = await stack.OtpFor(teacher.Email);
        Assert.Contains(otp, mail.GetProperty("text").GetString());
        Assert.Contains(otp, mail.GetProperty("html").GetString());

        // To look is not to use.
        for (var look = 0; look < 2; look++)
        {
            var verified = (await stranger.Post("password-reset/verify/", new { email, otp })).Expect(200);
            Assert.Equal("OTP verified successfully", verified["message"].GetString());
        }
        var confirmed = (await stranger.Post("password-reset/confirm/", Confirm(email, otp))).Expect(200);
        Assert.Equal("Password reset successfully", confirmed["message"].GetString());

        ExpectInvalid(await stranger.Post("password-reset/confirm/", Confirm(email, otp)));
        (await stranger.Post("token/refresh/", new { refresh = teacher.Refresh })).Expect(400);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        (await teacher.Get("teacher/teacher-profile/")).Expect(401);
        using var again = stack.Stranger();
        await again.LogIn("teacher/login/", teacher.Username, Renewed);

        // The outbox keeps no secrets.
        await using var database = await stack.Database();
        await using var rows = database.CreateCommand();
        rows.CommandText =
            "SELECT count(*) FROM outbox_mails WHERE user_id = $1 AND sent_at IS NOT NULL AND payload IS NULL";
        rows.Parameters.Add(new() { Value = teacher.Id });
        Assert.Equal(1L, await rows.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_unknown_email_is_refused()
    {
        using var stranger = stack.Stranger();
        (
            await stranger.Post("password-reset/request/", new { email = School.Unique("nobody") + "@example.com" })
        ).ExpectFault("email", "No user found with this email address.");
        (await stranger.Post("password-reset/request/", new { email = "nonsense" })).ExpectFault(
            "email",
            "Enter a valid email address."
        );
        (await stranger.Post("password-reset/request/")).ExpectFault("email", "This field is required.");
        ExpectInvalid(
            await stranger.Post("password-reset/verify/", new { email = "nobody@example.com", otp = "123456" })
        );
    }

    [Fact]
    public async Task Five_wrong_tries_void_the_code()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        var email = teacher.Email;
        (await stranger.Post("password-reset/request/", new { email })).Expect(200);
        var otp = await stack.OtpFor(email);
        var wrong = otp == "000000" ? "000001" : "000000";

        for (var tries = 0; tries < 3; tries++)
            ExpectInvalid(await stranger.Post("password-reset/verify/", new { email, otp = wrong }));
        for (var tries = 0; tries < 2; tries++)
            ExpectInvalid(await stranger.Post("password-reset/confirm/", Confirm(email, wrong)));
        ExpectInvalid(await stranger.Post("password-reset/verify/", new { email, otp }));
        ExpectInvalid(await stranger.Post("password-reset/confirm/", Confirm(email, otp)));

        // A new code is a new chance, and the old one is gone.
        (await stranger.Post("password-reset/request/", new { email })).Expect(200);
        var renewed = await stack.OtpFor(email, mails: 2);
        if (otp != renewed)
            ExpectInvalid(await stranger.Post("password-reset/verify/", new { email, otp }));
        (await stranger.Post("password-reset/confirm/", Confirm(email, renewed))).Expect(200);
    }

    [Fact]
    public async Task Two_confirmations_at_once_use_the_code_once()
    {
        using var teacher = await stack.Teacher();
        using var one = stack.Stranger();
        using var other = stack.Stranger(replica: 2);
        (await one.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);
        var otp = await stack.OtpFor(teacher.Email);

        var replies = await Task.WhenAll(
            one.Post("password-reset/confirm/", Confirm(teacher.Email, otp)),
            other.Post("password-reset/confirm/", Confirm(teacher.Email, otp))
        );

        Assert.Equal([200, 400], replies.Select(reply => reply.Status).Order());
    }

    [Fact]
    public async Task An_expired_code_says_so()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        (await stranger.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);
        var otp = await stack.OtpFor(teacher.Email);
        await using var database = await stack.Database();
        await using var expire = database.CreateCommand();
        expire.CommandText = "UPDATE password_resets SET expires_at = now() WHERE user_id = $1";
        expire.Parameters.Add(new() { Value = teacher.Id });
        await expire.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        foreach (var path in new[] { "password-reset/verify/", "password-reset/confirm/" })
            (await stranger.Post(path, Confirm(teacher.Email, otp))).ExpectProblem(
                400,
                "OTP expired",
                "The OTP code has expired. Please request a new one."
            );
    }

    [Fact]
    public async Task Faults_of_code_and_password_come_together_and_use_nothing_up()
    {
        using var teacher = await stack.Teacher();
        using var stranger = stack.Stranger();
        (await stranger.Post("password-reset/request/", new { email = teacher.Email })).Expect(200);
        var otp = await stack.OtpFor(teacher.Email);

        var reply = await stranger.Post(
            "password-reset/confirm/",
            new
            {
                email = teacher.Email,
                otp = otp == "999999" ? "111111" : "999999",
                new_password1 = "short",
                new_password2 = "other",
            }
        );
        reply.ExpectFault("otp", "Invalid OTP code.");
        reply.ExpectFault("new_password1", "This password is too short. It must contain at least 8 characters.");
        reply.ExpectFault("new_password2", "The two password fields didn't match.");

        // Under v1 the client asks for the password once.
        var once = new
        {
            email = teacher.Email,
            otp,
            new_password = "short",
        };
        (await stranger.Post("/api/v1/password-reset/confirm/", once)).ExpectFault(
            "new_password",
            "This password is too short. It must contain at least 8 characters."
        );
        (
            await stranger.Post(
                "/api/v1/password-reset/confirm/",
                new
                {
                    email = teacher.Email,
                    otp,
                    new_password = Renewed,
                }
            )
        ).Expect(200);
    }

    private static void ExpectInvalid(Reply reply)
    {
        reply.ExpectFault("otp", "Invalid OTP code.");
        reply.ExpectFault("email", "Email and OTP combination is invalid.");
    }

    private static object Confirm(string email, string otp) =>
        new
        {
            email,
            otp,
            new_password1 = Renewed,
            new_password2 = Renewed,
        };
}
