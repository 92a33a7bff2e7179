using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace EduPro.Data.Migrations;

/// <summary>
/// Remembers for a quarter of an hour which texts published courses had before or after a change of what a search looks
/// at, so that <see cref="EduProDb.SearchChangedSince"/> can say whether what was found would be found again. Transactions
/// only add rows, so that none waits for another. The model cannot say this, so it stands apart from the generated
/// migrations, and sorts after all of them.
/// </summary>
[DbContext(typeof(EduProDb))]
[Migration("99990103000000_SearchChanges")]
internal sealed class SearchChanges : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE TABLE search_changes (
                id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
                xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
                changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                search_text text NOT NULL
            );
            CREATE INDEX ix_search_changes_xid ON search_changes (xid);
            CREATE FUNCTION note_search_change() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            BEGIN
                INSERT INTO search_changes (search_text)
                    SELECT OLD.search_text WHERE OLD.is_published
                    UNION
                    SELECT NEW.search_text WHERE NEW.is_published;
                DELETE FROM search_changes WHERE id IN (
                    SELECT id FROM search_changes
                    WHERE id < (SELECT min(id) + 10 FROM search_changes)
                        AND changed_at < now() - interval '15 minutes'
                    FOR UPDATE SKIP LOCKED
                );
                RETURN NULL;
            END $$;
            CREATE TRIGGER search_change
                AFTER INSERT OR DELETE OR UPDATE OF search_title, search_text, is_published, category_id, price
                ON courses FOR EACH ROW EXECUTE FUNCTION note_search_change();
            CREATE FUNCTION search_snapshot() RETURNS text STABLE LANGUAGE sql AS
                'SELECT pg_current_snapshot()::text';
            CREATE FUNCTION search_changed_since(snapshot text, terms text[]) RETURNS boolean
                STABLE LANGUAGE plpgsql SET enable_seqscan = off AS
            $$
            BEGIN
                RETURN EXISTS (
                    SELECT FROM search_changes
                    WHERE xid >= pg_snapshot_xmin(snapshot::pg_snapshot)
                        AND NOT pg_visible_in_snapshot(xid, snapshot::pg_snapshot)
                        AND NOT EXISTS (SELECT FROM unnest(terms) AS term WHERE strpos(search_text, term) = 0)
                );
            END $$;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            DROP TRIGGER search_change ON courses;
            DROP FUNCTION note_search_change();
            DROP FUNCTION search_snapshot();
            DROP FUNCTION search_changed_since(text, text[]);
            DROP TABLE search_changes;
            """
        );
}
