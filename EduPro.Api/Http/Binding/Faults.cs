namespace EduPro.Api.Http.Binding;

/// <summary>Messages by field, in the order in which they were found.</summary>
internal sealed class Faults
{
    private readonly Dictionary<string, List<string>> messages = [];
    private readonly HashSet<string> yielding = [];

    public bool Any => messages.Count > 0;

    public void Add(string field, string message)
    {
        if (yielding.Remove(field))
            messages.Remove(field);
        if (!messages.TryGetValue(field, out var list))
            messages[field] = list = [];
        if (!list.Contains(message))
            list.Add(message);
    }

    /// <summary>Lets the next message on the field, the contract's own, take the place of those that it has.</summary>
    public void YieldOn(string field) => yielding.Add(field);

    /// <summary>Whether the field, or something inside it, is so faulty that no rule can judge it.</summary>
    public bool On(string field) =>
        messages.ContainsKey(field) && !yielding.Contains(field)
        || messages.Keys.Any(key => key.StartsWith(field + ".", StringComparison.Ordinal));

    public ValidationProblem ToProblem(RequestFields fields) =>
        new(messages.ToDictionary(fault => fields.SentName(fault.Key), fault => fault.Value));
}
