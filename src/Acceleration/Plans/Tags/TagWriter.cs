using System.Text;

namespace Acceleration;

/// <summary>
/// Writes tags of nested entries without brackets. Each nested value has a level, which a reader leaves at the first character that cannot continue it; where a character could, a
/// comma for each open level ends them first.
/// </summary>
internal sealed class TagWriter
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _levels = [];
    private bool _endsInNumber;

    /// <summary>Begins a nested value.</summary>
    /// <param name="continuations">The characters with which it can go on.</param>
    /// <returns>Its level.</returns>
    public int Open(string continuations)
    {
        _levels.Add(continuations);
        return _levels.Count - 1;
    }

    /// <summary>Continues the value of a level; those inside of it have ended.</summary>
    public void Put(int level, string text, bool endsInNumber = false)
    {
        if (text.Length == 0)
        {
            return;
        }

        var inside = _levels.Count - 1 - level;
        if (inside > 0 && (_levels.Skip(level + 1).Any(l => l.Contains(text[0])) || (_endsInNumber && (char.IsAsciiDigit(text[0]) || text[0] is '.' or '-' or 'E'))))
        {
            _text.Append(',', inside);
        }

        _levels.RemoveRange(level + 1, inside);
        _text.Append(text);
        _endsInNumber = endsInNumber;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
