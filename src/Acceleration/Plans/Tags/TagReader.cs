namespace Acceleration;

/// <summary>Reads a tag from left to right. A part of it ends at a plus sign.</summary>
internal sealed class TagReader(string text)
{
    public string Whole { get; } = text;

    public int Position { get; private set; }

    public bool AtEnd => Position == Whole.Length;

    /// <summary>The next character; NUL at the end of a part.</summary>
    public char Next => AtEnd || Whole[Position] == '+' ? '\0' : Whole[Position];

    /// <summary>How many entries lie in each other here.</summary>
    public int Depth { get; set; }

    private ReadOnlySpan<char> Left => Whole.AsSpan(Position);

    /// <summary>Reads a text if it comes next.</summary>
    public bool Take(string expected)
    {
        if (!Left.StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>The longest of some texts that comes next, not read yet; null for none.</summary>
    public string? Longest(IEnumerable<string> expected)
    {
        string? longest = null;
        foreach (var candidate in expected)
        {
            if (candidate.Length > (longest?.Length ?? 0) && Left.StartsWith(candidate, StringComparison.Ordinal))
            {
                longest = candidate;
            }
        }

        return longest;
    }

    /// <summary>Reads what looks like a number; empty where nothing does.</summary>
    public string Number(bool whole)
    {
        var start = Position;
        TakeIf(Next == '-');
        TakeDigits();
        if (!whole)
        {
            if (Next == '.')
            {
                TakeIf(true);
                TakeDigits();
            }

            if (Next == 'E' && (char.IsAsciiDigit(Ahead(1)) || (Ahead(1) == '-' && char.IsAsciiDigit(Ahead(2)))))
            {
                Position += 2;
                TakeDigits();
            }
        }

        return Whole[start..Position];
    }

    /// <summary>Reads text and resolves its escapes.</summary>
    public string Text()
    {
        var start = Position;
        while (Next != '\0' && (TagText.Plain.Contains(Next) || Next == '%'))
        {
            Position++;
        }

        return TagText.Unescape(Whole.AsSpan(start, Position - start))
            ?? throw PlanException.NotAllowed(At(start), Rest(start), "text in which % is followed by two hexadecimal digits");
    }

    /// <summary>What follows a position, for messages.</summary>
    public string Rest(int position) => position >= Whole.Length || Whole[position] == '+' ? "nothing" : $"'{PlanException.Shorten(Whole[position..])}'";

    /// <summary>A position, for messages.</summary>
    public string At(int position) => $"Tag '{PlanException.Shorten(Whole)}', position {position + 1}";

    private char Ahead(int by) => Position + by < Whole.Length ? Whole[Position + by] : '\0';

    private void TakeIf(bool condition) => Position += condition ? 1 : 0;

    private void TakeDigits()
    {
        while (char.IsAsciiDigit(Next))
        {
            Position++;
        }
    }
}
