namespace EduPro.Api.Http.Binding;

/// <summary>Messages by field, in the order in which they were found.</summary>
internal sealed class Faults
{
    private readonly Dictionary<string, List<string>> messages = [];

    public bool Any => messages.Count > 0;

    public void Add(string field, string message)
    {
        if (!messages.TryGetValue(field, out var list))
            messages[field] = list = [];
        if (!list.Contains(message))
            list.Add(message);
    }

    /// <summary>Whether the field, or something inside it, is faulty.</summary>
    public bool On(string field) =>
        messages.ContainsKey(field)
        || messages.Keys.Any(key => key.StartsWith(field, StringComparison.Ordinal) && key[field.Length] == '.');

    public ValidationProblem ToProblem(RequestFields fields) =>
        new(messages.ToDictionary(fault => fields.SentName(fault.Key), fault => fault.Value));
}
