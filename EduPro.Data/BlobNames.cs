namespace EduPro.Data;

/// <summary>Which blobs there are rows for.</summary>
public static class BlobNames
{
    /// <summary>
    /// The names of all pictures and documents that a row holds, some more than once. Whoever adds a column for one adds
    /// it here, or the clean-up takes its blobs. Videos on their way to VdoCipher are not among them.
    /// </summary>
    public static IQueryable<string> NamedBlobs(this EduProDb db) =>
        db
            .Users.Select(u => u.Avatar)
            .Concat(db.Teachers.Select(t => t.Logo))
            .Concat(db.Courses.Select(c => c.Thumbnail))
            .Concat(db.Lessons.Select(l => l.Thumbnail))
            .Concat(db.Lessons.Select(l => l.Document))
            .Concat(db.Questions.Select(q => q.Image))
            .Where(name => name != null)
            .Select(name => name!);
}
