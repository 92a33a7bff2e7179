using EduPro.Domain;

namespace EduPro.Tests.Domain;

public sealed class VideoPollingTests
{
    [Fact]
    public void A_thousand_pending_videos_are_asked_about_four_times_a_second_in_the_first_hour_and_three_after()
    {
        var polls = Polls().TakeWhile(at => at <= VideoPolling.Patience).ToList();
        int InHour(int hour) => polls.Count(at => (int)at.TotalHours == hour);

        Assert.Equal(15, InHour(0));
        Assert.All(Enumerable.Range(1, 23), hour => Assert.Equal(12, InHour(hour)));
        Assert.Equal(15_000, 1000 * InHour(0));
        Assert.Equal(12_000, 1000 * InHour(1));
    }

    [Fact]
    public void Pauses_stay_within_a_tenth_of_their_length()
    {
        for (var polls = 0; polls < 2000; polls++)
        {
            var pause = VideoPolling.Pause(polls, jitter: 0.5);
            Assert.InRange(pause, VideoPolling.Shortest, VideoPolling.Longest);
            Assert.Equal(0.9, VideoPolling.Pause(polls, 0) / pause, 6);
            Assert.Equal(1.1, VideoPolling.Pause(polls, 1) / pause, 6);
        }
    }

    /// <summary>When a video that does not get ready is asked about, counted from when it was set.</summary>
    private static IEnumerable<TimeSpan> Polls()
    {
        var at = VideoPolling.Shortest;
        for (var polls = 1; ; polls++)
        {
            yield return at;
            at += VideoPolling.Pause(polls, jitter: 0.5);
        }
    }
}
