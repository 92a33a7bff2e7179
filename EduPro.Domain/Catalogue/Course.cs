using EduPro.Domain.Accounts;
using EduPro.Domain.Ordering;
using EduPro.Domain.Text;

namespace EduPro.Domain.Catalogue;

/// <summary>A subject that courses are filed under; the name is unique ignoring case.</summary>
public sealed class Category
{
    public required Guid Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The name in lower case, made by the database; unique.</summary>
    public string NameKey { get; private set; } = null!;

    public string? Description { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>
/// What a teacher sells: modules of lessons for one price. Counters are kept in the transactions that change what
/// they count.
/// </summary>
public sealed class Course
{
    public required Guid Id { get; init; }
    public required Guid TeacherId { get; init; }
    public Teacher Teacher { get; init; } = null!;
    public required Guid CategoryId { get; set; }
    public Category Category { get; init; } = null!;
    public required string Title { get; set; }
    public required string Description { get; set; }

    /// <summary>The title folded for search: no case, no accents.</summary>
    public string SearchTitle { get; private set; } = "";

    /// <summary>Title and description folded for search.</summary>
    public string SearchText { get; private set; } = "";

    /// <summary>List price; 0 makes the course free.</summary>
    public required decimal Price { get; set; }

    /// <summary>Name of the picture's blob, null for none.</summary>
    public string? Thumbnail { get; set; }

    /// <summary>Address of a public trailer, as the teacher gave it.</summary>
    public string? TrailerVideo { get; set; }

    public bool IsPublished { get; set; }

    /// <summary>Seats, null for no limit.</summary>
    public int? MaxEnrollments { get; set; }

    /// <summary>ISO 3166 alpha-2 codes of the countries it is sold in, null for everywhere.</summary>
    public string[]? AllowedCountries { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    public int EnrollmentCount { get; set; }
    public int ModuleCount { get; set; }
    public int LessonCount { get; set; }

    /// <summary>Length of all lessons, in seconds.</summary>
    public int TotalDuration { get; set; }

    public int RatingCount { get; set; }
    public int RatingSum { get; set; }

    /// <summary>Sum of what was paid for the course, by the ledger.</summary>
    public decimal Revenue { get; set; }

    public List<Course> Prerequisites { get; init; } = [];
    public List<Module> Modules { get; init; } = [];

    /// <summary>Makes the course found by its present title and description.</summary>
    public void IndexForSearch()
    {
        SearchTitle = TextFolding.Fold(Title);
        SearchText = $"{SearchTitle} {TextFolding.Fold(Description)}";
    }
}

/// <summary>A chapter of a course. Orders of a course's modules are 1..n.</summary>
public sealed class Module : IOrdered
{
    public required Guid Id { get; init; }
    public required Guid CourseId { get; init; }
    public Course Course { get; init; } = null!;
    public required string Title { get; set; }
    public required string Description { get; set; }

    /// <inheritdoc/>
    public required int Order { get; set; }

    public decimal Price { get; set; }
    public bool IsPublished { get; set; } = true;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int LessonCount { get; set; }

    /// <summary>Length of all lessons, in seconds.</summary>
    public int TotalDuration { get; set; }

    public List<Lesson> Lessons { get; init; } = [];
}

/// <summary>A lesson with its video, document and picture. Orders of a module's lessons are 1..n.</summary>
public sealed class Lesson : IOrdered
{
    public required Guid Id { get; init; }
    public required Guid ModuleId { get; init; }
    public Module Module { get; init; } = null!;

    /// <summary>The module's course, kept here so that access is one join.</summary>
    public required Guid CourseId { get; init; }

    public Course Course { get; init; } = null!;
    public required string Title { get; set; }
    public required string Description { get; set; }

    /// <inheritdoc/>
    public required int Order { get; set; }

    public bool IsPublished { get; set; } = true;
    public bool IsFree { get; set; }

    /// <summary>Length in seconds, 0 while unknown.</summary>
    public int Duration { get; set; }

    /// <summary>Name of the picture's blob, null for none.</summary>
    public string? Thumbnail { get; set; }

    /// <summary>Name of the document's blob, null for none.</summary>
    public string? Document { get; set; }

    /// <summary>File name under which the document is downloaded.</summary>
    public string? DocumentName { get; set; }

    /// <summary>The video's id at VdoCipher, null for none.</summary>
    public string? VideoId { get; set; }

    public VideoStatus VideoStatus { get; set; } = VideoStatus.PreUpload;

    /// <summary>Name of the blob that holds a video until the worker has uploaded it, null for none.</summary>
    public string? StagedVideo { get; set; }

    /// <summary>When the video's status is asked for next, null when it needs no asking.</summary>
    public DateTimeOffset? VideoPollAt { get; set; }

    /// <summary>When the present video was set, the start of the worker's patience.</summary>
    public DateTimeOffset? VideoSetAt { get; set; }

    public int VideoPolls { get; set; }

    /// <summary>Set by the worker that deals with the video right now; whoever changes the video clears it.</summary>
    public Guid? VideoLease { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Takes a video that is at VdoCipher.</summary>
    /// <param name="id">Its id there.</param>
    /// <param name="now">When.</param>
    /// <param name="status">Where it stands; anything but ready and failed is asked for again.</param>
    /// <param name="seconds">Its length, 0 while unknown.</param>
    public void SetVideo(string id, DateTimeOffset now, VideoStatus status = VideoStatus.Queued, int seconds = 0)
    {
        ClearVideo();
        (VideoId, VideoStatus, VideoSetAt, Duration) = (id, status, now, seconds);
        if (status is not (VideoStatus.Ready or VideoStatus.Failed))
            VideoPollAt = now + VideoPolling.Shortest;
    }

    /// <summary>Takes a video file that the worker has yet to upload.</summary>
    /// <param name="blob">Name of the file's blob.</param>
    /// <param name="now">When.</param>
    public void StageVideo(string blob, DateTimeOffset now)
    {
        ClearVideo();
        (StagedVideo, VideoSetAt, VideoPollAt) = (blob, now, now);
    }

    /// <summary>Leaves the lesson without a video.</summary>
    public void ClearVideo()
    {
        (VideoId, StagedVideo, VideoStatus, Duration) = (null, null, VideoStatus.PreUpload, 0);
        (VideoPollAt, VideoSetAt, VideoPolls, VideoLease) = (null, null, 0, null);
    }
}
