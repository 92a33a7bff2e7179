namespace EduPro.Domain.Progress;

public static class CourseProgress
{
    /// <summary>
    /// Completed over all lessons as a percentage with two decimals; 0 when there are no lessons, never above 100
    /// (a lesson may go between the two counts).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static decimal Percentage(int completed, int lessons)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(completed);
        ArgumentOutOfRangeException.ThrowIfNegative(lessons);
        return lessons == 0 ? 0.00m : Math.Round(100m * Math.Min(completed, lessons) / lessons, 2);
    }
}
