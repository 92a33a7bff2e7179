using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace EduPro.Data.Migrations;

/// <summary>
/// Makes the ledger append-only: the database itself refuses to change, delete or truncate its lines. The model cannot
/// say this, so it stands apart from the migrations that are generated from it, and sorts after all of them.
/// </summary>
[DbContext(typeof(EduProDb))]
[Migration("99990101000000_AppendOnlyLedger")]
internal sealed class AppendOnlyLedger : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'restrict_violation';
            END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries
                FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
            CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON ledger_entries
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            DROP TRIGGER append_only ON ledger_entries;
            DROP TRIGGER append_only_whole ON ledger_entries;
            DROP FUNCTION refuse_ledger_change();
            """
        );
}
