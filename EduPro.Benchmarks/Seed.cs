using System.Globalization;
using EduPro.Data.Security;
using Npgsql;

namespace EduPro.Benchmarks;

/// <summary>
/// The data set: at scale 1 50 teachers, 2,000 students, 500 courses of 20 lessons, 5,000 enrolments, 400 attempts with
/// 20,000 answers. Names and ids follow from numbers, so that the load knows them.
/// </summary>
internal static class Seed
{
    public const string Password = "Sesame-open-9";
    public const int Teachers = 50,
        Students = 2_000,
        Courses = 500,
        Learners = 4_000,
        Coupons = 20_000;

    public static readonly string[] Words =
    [
        .. "algebra analysis anatomy arabic art astronomy biology botany business calculus chemistry choir cinema cooking dance design drawing ecology economics electronics english ethics fashion finance french gardening genetics geography geology geometry german grammar guitar health history hygiene italian japanese journalism kinetics law linguistics literature logic marketing mechanics medicine meteorology music mythology nursing nutrition optics painting pharmacy philosophy phonetics photography physics piano poetry politics portuguese probability programming psychology reading robotics rhetoric sculpture singing sociology software spanish statistics surgery swedish theatre theology thermodynamics topology tourism translation trigonometry typography urbanism veterinary violin virology vocabulary weaving welding writing yoga zoology".Split(
            ' '
        ),
    ];

    /// <summary>The id of the n-th thing of a kind, n from 1.</summary>
    public static Guid Id(string kind, long n) =>
        new(
#pragma warning disable CA5351 // The same as PostgreSQL's md5(); nothing is secret here.
            System.Security.Cryptography.MD5.HashData(
#pragma warning restore CA5351
                System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}{n}"))
            ),
            bigEndian: true
        );

    /// <summary>The number of the teacher with whom student n, or learner n, learns.</summary>
    public static long TeacherOf(long student, int scale) => 1 + (student % (Teachers * scale));

    /// <summary>Who takes the n-th attempt, n from 0: the students in turn, then the learners.</summary>
    public static (string Kind, long Number) Taker(long n) =>
        n < Students ? ("student", 1 + n) : ("learner", 1 + n - Students);

    /// <summary>
    /// The number of the course that the n-th coupon of one use is for: another one for the next, and for the same
    /// learner; none of teacher 1.
    /// </summary>
    public static long DistinctCourse(long n)
    {
        var i = (n + (n / Learners)) % 490;
        return 1 + i + (i / 49);
    }

    /// <summary>The number of one of the ten courses of teacher 1, n from 0.</summary>
    public static long HotCourse(long n, int scale) => Teachers * scale * (1 + (n % 10));

    public static async Task Fill(NpgsqlDataSource database, int scale)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using (var command = connection.CreateCommand())
        {
            command.CommandTimeout = 3600;
            command.CommandText = Statements;
            command.Parameters.Add(new NpgsqlParameter("scale", scale));
            command.Parameters.Add(new NpgsqlParameter("learners", Learners));
            command.Parameters.Add(new NpgsqlParameter("hash", PasswordHash.Create(Password)));
            command.Parameters.Add(new NpgsqlParameter("words", Words));
            await command.ExecuteNonQueryAsync();
        }
        await using var vacuum = connection.CreateCommand();
        vacuum.CommandTimeout = 3600;
        vacuum.CommandText = "VACUUM ANALYZE";
        await vacuum.ExecuteNonQueryAsync();
    }

    private const string Statements = """
        INSERT INTO categories (id, name, updated_at)
        SELECT md5('category' || n)::uuid, 'Category ' || n, now() FROM generate_series(1, 20) n;

        INSERT INTO users (id, type, username, email, phone, first_name, last_name, slug, password_hash, is_active,
            created_at, failed_logins)
        SELECT md5('teacher' || n)::uuid, 'Teacher', 'teacher' || n, 'teacher' || n || '@example.com', (900000000 + n)::text,
            'Ada', 'Byron ' || n, 'teacher' || n, @hash, true, now(), 0
        FROM generate_series(1, 50 * @scale) n;
        INSERT INTO teachers (id, student_count, course_count, rating_count, rating_sum, updated_at)
        SELECT md5('teacher' || n)::uuid, 40, 10, 50, 200, now() FROM generate_series(1, 50 * @scale) n;

        INSERT INTO users (id, type, username, email, phone, first_name, last_name, slug, password_hash, is_active,
            created_at, failed_logins)
        SELECT md5('student' || n)::uuid, 'Student', 'student' || n, 'student' || n || '@example.com', (100000000 + n)::text,
            'Sara', 'Haddad ' || n, 'student' || n, @hash, true, now(), 0
        FROM generate_series(1, 2000 * @scale) n;
        INSERT INTO students (id) SELECT md5('student' || n)::uuid FROM generate_series(1, 2000 * @scale) n;
        INSERT INTO teacher_students (id, teacher_id, student_id, joined_at, is_active, completed_lessons, completed_courses)
        SELECT md5('relation' || n)::uuid, md5('teacher' || 1 + n % (50 * @scale))::uuid, md5('student' || n)::uuid,
            now() - n * interval '1 minute', true, 0, 0
        FROM generate_series(1, 2000 * @scale) n;

        -- The n-th course is of teacher 1 + n % teachers.
        INSERT INTO courses (id, teacher_id, category_id, title, description, search_title, search_text, price,
            is_published, created_at, updated_at, enrollment_count, module_count, lesson_count, total_duration,
            rating_count, rating_sum, revenue)
        SELECT md5('course' || n)::uuid, md5('teacher' || 1 + n % (50 * @scale))::uuid, md5('category' || 1 + n % 20)::uuid,
            initcap(w.title) || ' ' || n, w.body, w.title || ' ' || n, w.title || ' ' || n || ' ' || w.body,
            10 + n % 90, true, now() - n * interval '1 hour', now() - n * interval '1 hour', 10, 4, 20, 12000, 5, 20, 0
        FROM generate_series(1, 500 * @scale) n
        CROSS JOIN LATERAL (
            SELECT string_agg(word, ' ') FILTER (WHERE i <= 3) AS title, string_agg(word, ' ') FILTER (WHERE i > 3) AS body
            FROM (SELECT i, (@words)[1 + (hashint8(n * 31 + i) & 65535) % cardinality(@words)] AS word FROM generate_series(1, 20) i) x
        ) w;

        INSERT INTO modules (id, course_id, title, description, "order", price, is_published, created_at, updated_at,
            lesson_count, total_duration)
        SELECT md5('module' || n)::uuid, md5('course' || 1 + (n - 1) / 4)::uuid, 'Module ' || n, 'What it is about.',
            1 + (n - 1) % 4, 0, true, now(), now(), 5, 3000
        FROM generate_series(1, 2000 * @scale) n;
        INSERT INTO lessons (id, module_id, course_id, title, description, "order", is_published, is_free, duration,
            video_status, video_polls, created_at, updated_at)
        SELECT md5('lesson' || n)::uuid, md5('module' || 1 + (n - 1) / 5)::uuid, md5('course' || 1 + (n - 1) / 20)::uuid,
            'Lesson ' || n, 'What is learnt.', 1 + (n - 1) % 5, true, false, 600, 'PreUpload', 0, now(), now()
        FROM generate_series(1, 10000 * @scale) n;

        -- Student s learns with teacher 1 + s % teachers, in two or three of the ten courses.
        INSERT INTO enrollments (id, course_id, student_id, teacher_id, price_paid, enrolled_at, completed_lessons)
        SELECT md5('enrolment' || n)::uuid, c.id, md5('student' || s)::uuid, c.teacher_id, c.price,
            now() - n * interval '1 minute', 0
        FROM generate_series(1, 5000 * @scale) n
        CROSS JOIN LATERAL (SELECT 1 + (n - 1) % (2000 * @scale) AS s, (n - 1) / (2000 * @scale) AS nth) e
        JOIN courses c ON c.id = md5('course' || CASE WHEN s % (50 * @scale) = 0 THEN 50 * @scale ELSE s % (50 * @scale) END
            + 50 * @scale * nth)::uuid;
        INSERT INTO ledger_entries (id, paid_at, teacher_id, student_id, course_id, course_title, gross, discount, net,
            gateway)
        SELECT md5(e.id::text)::uuid, e.enrolled_at, e.teacher_id, e.student_id, c.id, c.title, c.price, 0, c.price, 'offline'
        FROM enrollments e JOIN courses c ON c.id = e.course_id;
        UPDATE courses c SET enrollment_count = n.enrolled, revenue = n.revenue
        FROM (
            SELECT c.id, count(e.id) AS enrolled, coalesce(sum(e.price_paid), 0) AS revenue
            FROM courses c LEFT JOIN enrollments e ON e.course_id = c.id GROUP BY c.id
        ) n WHERE n.id = c.id;
        INSERT INTO teacher_months (teacher_id, month, revenue)
        SELECT teacher_id, date_trunc('month', enrolled_at AT TIME ZONE 'UTC')::date, sum(price_paid)
        FROM enrollments GROUP BY 1, 2;

        INSERT INTO ratings (id, course_id, student_id, value, comment, created_at, updated_at)
        SELECT md5('rating' || e.id::text)::uuid, e.course_id, e.student_id, 3 + (hashtext(e.id::text) & 1),
            'Clear and to the point.', e.enrolled_at, e.enrolled_at
        FROM enrollments e WHERE (hashtext(e.id::text) & 2) = 0;
        UPDATE courses c SET rating_count = n.ratings, rating_sum = n.sum
        FROM (
            SELECT c.id, count(r.id) AS ratings, coalesce(sum(r.value), 0) AS sum
            FROM courses c LEFT JOIN ratings r ON r.course_id = c.id GROUP BY c.id
        ) n WHERE n.id = c.id;

        -- An assessment of 50 questions, with four options each, for each teacher.
        INSERT INTO assessments (id, teacher_id, title, description, type, duration_minutes, passing_score, max_attempts,
            is_active, created_at, updated_at, question_count, total_points)
        SELECT md5('assessment' || n)::uuid, md5('teacher' || n)::uuid, 'Exam ' || n, 'Fifty questions.', 'Exam', 600, 50,
            1000000, true, now(), now(), 50, 50
        FROM generate_series(1, 50 * @scale) n;
        INSERT INTO questions (id, assessment_id, text, type, points, "order", is_required)
        SELECT md5('question' || n)::uuid, md5('assessment' || 1 + (n - 1) / 50)::uuid, 'What is ' || n || '?',
            'MultipleChoice', 1, 1 + (n - 1) % 50, false
        FROM generate_series(1, 2500 * @scale) n;
        INSERT INTO question_options (id, question_id, text, is_correct, "order")
        SELECT md5('option' || n)::uuid, md5('question' || 1 + (n - 1) / 4)::uuid, 'Answer ' || n, n % 4 = 1,
            1 + (n - 1) % 4
        FROM generate_series(1, 10000 * @scale) n;
        INSERT INTO attempts (id, assessment_id, student_id, teacher_id, number, status, started_at, expires_at,
            submitted_at, ran_out, passing_score, score, total_points, passed, questions, saved)
        SELECT md5('attempt' || n)::uuid, md5('assessment' || 1 + n % (50 * @scale))::uuid, md5('student' || n)::uuid,
            md5('teacher' || 1 + n % (50 * @scale))::uuid, 1, 'Graded', now() - interval '2 days',
            now() - interval '1 day', now() - interval '1 day', false, 50, 25, 50, true, '[]', '{}'
        FROM generate_series(1, 400 * @scale) n;
        INSERT INTO answers (id, attempt_id, question_id, type, points, is_manual, points_earned, is_correct)
        SELECT md5('answer' || n)::uuid, md5('attempt' || a)::uuid,
            md5('question' || (a % (50 * @scale)) * 50 + 1 + (n - 1) % 50)::uuid, 'MultipleChoice', 1, false, 1, true
        FROM generate_series(1, 20000 * @scale) n
        CROSS JOIN LATERAL (SELECT 1 + (n - 1) / 50 AS a) x;

        -- Those who enrol: students without a course.
        INSERT INTO users (id, type, username, email, phone, first_name, last_name, slug, password_hash, is_active,
            created_at, failed_logins)
        SELECT md5('learner' || n)::uuid, 'Student', 'learner' || n, 'learner' || n || '@example.com',
            (500000000 + n)::text, 'Omar', 'Nasser ' || n, 'learner' || n, @hash, true, now(), 0
        FROM generate_series(1, @learners) n;
        INSERT INTO students (id) SELECT md5('learner' || n)::uuid FROM generate_series(1, @learners) n;
        INSERT INTO teacher_students (id, teacher_id, student_id, joined_at, is_active, completed_lessons, completed_courses)
        SELECT md5('learning' || n)::uuid, md5('teacher' || 1 + n % (50 * @scale))::uuid, md5('learner' || n)::uuid, now(), true, 0, 0
        FROM generate_series(1, @learners) n;
        INSERT INTO coupons (id, teacher_id, code, discount_percentage, valid_from, valid_until, max_uses, usage_count,
            created_at)
        SELECT md5('coupon' || n)::uuid, c.teacher_id, 'D' || n, 10, now() - interval '1 day', now() + interval '1 day', 1,
            0, now()
        FROM generate_series(0, 19999) n
        CROSS JOIN LATERAL (SELECT (n + n / @learners) % 490 AS i) x
        JOIN courses c ON c.id = md5('course' || 1 + i + i / 49)::uuid;
        INSERT INTO coupons (id, teacher_id, code, discount_percentage, valid_from, valid_until, max_uses, usage_count,
            created_at)
        VALUES (md5('hot')::uuid, md5('teacher1')::uuid, 'HOT', 10, now() - interval '1 day', now() + interval '1 day',
            1000000, 0, now());

        INSERT INTO sessions (id, user_id, created_at, expires_at)
        SELECT md5('session' || username)::uuid, id, now(), now() + interval '1 day'
        FROM users WHERE username ~ '^(teacher|student|learner)[0-9]{1,4}$';
        """;
}
