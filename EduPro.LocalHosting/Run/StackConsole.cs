using Spectre.Console;

namespace EduPro.LocalHosting;

/// <summary>Where the lines of the stack go.</summary>
internal abstract class StackConsole
{
    public abstract void Line(string resource, string text);
    public abstract void Info(string text);
    public abstract void Error(string text);

    public virtual void Table(IEnumerable<(string Name, string Value)> rows, string caption) { }
}

/// <summary>One terminal for all: each line behind its resource's name, coloured where colours show.</summary>
internal sealed class TerminalConsole : StackConsole
{
    private static readonly Color[] Palette =
    [
        Color.DodgerBlue1,
        Color.Green3,
        Color.Orange1,
        Color.MediumPurple1,
        Color.Turquoise2,
        Color.Gold1,
        Color.HotPink,
        Color.SteelBlue1,
    ];

    private readonly Dictionary<string, Style> styles;
    private readonly int width;
    private readonly Lock one = new();

    public TerminalConsole(IEnumerable<IResource> resources)
    {
        var names = resources.OfType<ILocalResource>().Select(resource => resource.Name).ToList();
        width = names.Select(name => name.Length).DefaultIfEmpty(8).Max();
        styles = names.Index().ToDictionary(n => n.Item, n => new Style(Palette[n.Index % Palette.Length]));
    }

    public override void Line(string resource, string text)
    {
        lock (one)
        {
            AnsiConsole.Write(new Text(resource.PadRight(width), styles[resource]));
            System.Console.WriteLine($" | {text}");
        }
    }

    public override void Info(string text)
    {
        lock (one)
            System.Console.WriteLine(text);
    }

    public override void Error(string text)
    {
        lock (one)
        {
            AnsiConsole.Write(new Text("error: ", new Style(Color.Red)));
            System.Console.WriteLine(text);
        }
    }

    public override void Table(IEnumerable<(string Name, string Value)> rows, string caption)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        foreach (var (name, value) in rows)
            table.AddRow(new Text(name, styles.GetValueOrDefault(name, Style.Plain)), new Text(value));
        lock (one)
        {
            AnsiConsole.Write(table);
            System.Console.WriteLine(caption);
        }
    }
}

/// <summary>People read nothing until a test fails: a file for each resource, and the lines for tests that watch.</summary>
internal sealed class LogFolderConsole(string folder, ResourceLoggerService loggers) : StackConsole
{
    private readonly Lock one = new();

    public override void Line(string resource, string text)
    {
        loggers.Line(resource, text);
        Append(resource, text);
    }

    public override void Info(string text) => Append("stack", text);

    public override void Error(string text) => Append("stack", $"error: {text}");

    private void Append(string name, string text)
    {
        lock (one)
            File.AppendAllLines(Path.Combine(folder, $"{name}.log"), [text]);
    }
}
