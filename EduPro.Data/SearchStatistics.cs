using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace EduPro.Data.Migrations;

/// <summary>
/// Lets the database remember the 10,000 most frequent words of courses instead of 1,000, so that it knows how many a
/// search will find, and so how best to look. The model cannot say this, so it stands apart from the generated
/// migrations, and sorts after all of them.
/// </summary>
[DbContext(typeof(EduProDb))]
[Migration("99990102000000_SearchStatistics")]
internal sealed class SearchStatistics : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE courses ALTER COLUMN search_vector SET STATISTICS 1000");

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE courses ALTER COLUMN search_vector SET STATISTICS -1");
}
