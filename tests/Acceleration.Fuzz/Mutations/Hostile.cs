namespace Acceleration.Fuzz;

/// <summary>Values at the ends of ranges and beyond.</summary>
internal static class Hostile
{
    public static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "2", "3", "7", "0.5", "1e0", "0.1", "1.0", "1e-3", "255", "256", "65536", "1000000", "1000001", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967296",
        "4611686018427387904", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "1e308", "1e309", "-1e309", "1e-324", "1e-400", "1e999999999", "0.30000000000000004",
        "3.4e38", "3.5e38", "1E5", "1E-07", "00", "01", "1.", ".5", "+1", "NaN", "nan", "Infinity", "-Infinity", "inf", "0x10", "1_000", "1,5", "١٢", "1e", "--1", "123456789012345678901234567890",
    ];

    public static readonly string[] Texts =
    [
        "", " ", "\0", "\n", "\r\n", "\t", "\u001b[31m", "\u202e", "\ufeff", "\uffff", "\ud800", "\udc00\ud800", "é", "日本", "😀", "a\u0301", "%", "%00", "%ff", "%zz", "%C0%80", "none", "empty", "null", "true", "NaN",
        "..", "../x", "/etc/passwd", "C:\\x", "x:y", "~", "$HOME", "`id`", "@", "@x", "--", "-", "\"", "\\", "'", "{}", "[]", "<x>", "__metadata__", "weight_map", "network", "path=", "cut.99999999999", "ff@3-1", "x.json@000000000000",
    ];

    /// <summary>One of a list.</summary>
    public static T Of<T>(this Random random, IReadOnlyList<T> list) => list[random.Next(list.Count)];

    /// <summary>Whether something that happens once in so many times happens.</summary>
    public static bool OneIn(this Random random, int times) => random.Next(times) == 0;

    /// <summary>Text that is hostile by what it holds, or now and then by its length.</summary>
    public static string Text(this Random random) => random.OneIn(12) ? string.Concat(Enumerable.Repeat(random.Of(Texts) + "x", random.Next(1, 3000))) : random.Of(Texts);
}
