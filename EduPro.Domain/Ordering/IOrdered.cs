namespace EduPro.Domain.Ordering;

/// <summary>A row that has its place among siblings.</summary>
public interface IOrdered
{
    /// <summary>The place, 1..n.</summary>
    int Order { get; set; }
}
