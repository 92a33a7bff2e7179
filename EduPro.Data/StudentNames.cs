using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace EduPro.Data.Migrations;

/// <summary>
/// Keeps in each relation of a student to a teacher the name that the teacher's list is ordered by, so that a page of it
/// is read from an index, however many they are. The name is locked until the relation is there, so that a change of it
/// at the same time comes before or after. The model cannot say this, so it stands apart from the generated migrations,
/// and sorts after all of them.
/// </summary>
[DbContext(typeof(EduProDb))]
[Migration("99990104000000_StudentNames")]
internal sealed class StudentNames : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE FUNCTION rename_student() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            BEGIN
                UPDATE teacher_students SET name_key = lower(NEW.first_name || ' ' || NEW.last_name)
                    WHERE student_id = NEW.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER rename AFTER UPDATE OF first_name, last_name ON users
                FOR EACH ROW EXECUTE FUNCTION rename_student();
            CREATE FUNCTION name_student() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            BEGIN
                SELECT lower(first_name || ' ' || last_name) INTO NEW.name_key
                    FROM users WHERE id = NEW.student_id FOR SHARE;
                RETURN NEW;
            END $$;
            CREATE TRIGGER name BEFORE INSERT ON teacher_students
                FOR EACH ROW EXECUTE FUNCTION name_student();
            UPDATE teacher_students r SET name_key = lower(u.first_name || ' ' || u.last_name)
                FROM users u WHERE u.id = r.student_id;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            DROP TRIGGER name ON teacher_students;
            DROP FUNCTION name_student();
            DROP TRIGGER rename ON users;
            DROP FUNCTION rename_student();
            """
        );
}
