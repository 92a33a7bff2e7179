namespace EduPro.Demo;

internal sealed record DemoTeacher(
    string Username,
    string FirstName,
    string LastName,
    string Specialization,
    string Bio,
    DemoCourse[] Courses
);

internal sealed record DemoCourse(string Category, string Title, decimal Price, string Description, string[] Modules);

/// <summary>What the demo school teaches, and who.</summary>
internal static class Curriculum
{
    public static readonly DemoTeacher[] Teachers =
    [
        new(
            "maryam",
            "Maryam",
            "al-Ijliya",
            "Astronomy",
            "I build astrolabes, and show others how the sky fits into a disc of brass.",
            [
                new(
                    "Astronomy",
                    "The Sky Tonight",
                    0,
                    "Find your way among the stars with your eyes alone: the pole, the zodiac, the planets, the Moon.",
                    ["Finding north", "The zodiac", "Wandering stars"]
                ),
                new(
                    "Astronomy",
                    "Build an Astrolabe",
                    79.00m,
                    "From a sheet of brass to an instrument that tells the hour: geometry, engraving, use.",
                    ["The plate", "The rete", "Reading the hour"]
                ),
            ]
        ),
        new(
            "khwarizmi",
            "Muhammad",
            "al-Khwarizmi",
            "Mathematics",
            "Completion and balancing: there is a method, and anybody can learn it.",
            [
                new(
                    "Mathematics",
                    "Algebra from the Beginning",
                    49.99m,
                    "Equations of the first and second degree, by completing and balancing, with pictures for every step.",
                    ["Unknowns", "Balancing", "Completing the square"]
                ),
                new(
                    "Mathematics",
                    "Calculating with Indian Numerals",
                    29.50m,
                    "Nine figures and a circle: adding, multiplying and dividing on paper, faster than on any abacus.",
                    ["Place and zero", "Multiplying", "Dividing"]
                ),
                new(
                    "Geography",
                    "Maps and Coordinates",
                    35.00m,
                    "Latitude, longitude and the shape of the Earth; how to draw what you have never seen.",
                    ["Latitude", "Longitude", "Projections"]
                ),
            ]
        ),
        new(
            "ibnalhaytham",
            "al-Hasan",
            "Ibn al-Haytham",
            "Optics",
            "Do not believe me. Try it, and write down what you saw.",
            [
                new(
                    "Physics",
                    "Light and Sight",
                    59.90m,
                    "Why we see: rays, shadows, mirrors, the dark chamber, and an experiment for each claim.",
                    ["Rays", "Mirrors", "The dark chamber"]
                ),
                new(
                    "Physics",
                    "How to Doubt",
                    15.00m,
                    "Hypothesis, experiment, conclusion: the method, on questions that you bring.",
                    ["Asking", "Trying", "Concluding"]
                ),
            ]
        ),
    ];

    public static readonly (string Title, string Does)[] Lessons =
    [
        ("the idea", "What it is, and why it matters, in ten minutes."),
        ("an example", "One case from beginning to end, with every step on the board."),
        ("your turn", "Three exercises, from easy to hard, and how to check yourself."),
    ];

    public static readonly string[] Praise =
    [
        "Clear from the first minute.",
        "I finally understand it.",
        "The exercises are the best part.",
        "Could be a little slower, but I learned a lot.",
        "Good, though I wanted more examples.",
    ];
}
