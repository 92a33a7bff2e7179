using System.Diagnostics.Metrics;

namespace EduPro.Tests.Support;

/// <summary>What one instrument of one service measures from now on: each value with its tags, as text.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly List<string> values = [];

    public Measured(IMeterFactory meters, string instrument)
    {
        listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && published.Meter.Scope == meters)
                listener.EnableMeasurementEvents(published);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Note(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Note(value, tags));
        listener.Start();
    }

    private void Note(object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (values)
            values.Add(string.Join(' ', [value, .. tags.ToArray().Select(tag => tag.Value)]));
    }

    /// <summary>All measurements so far; of gauges one more.</summary>
    public IReadOnlyList<string> Values
    {
        get
        {
            listener.RecordObservableInstruments();
            lock (values)
                return [.. values];
        }
    }

    public void Dispose() => listener.Dispose();
}
