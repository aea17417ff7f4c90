using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Rotary positions of a FLUX network: every text token at (0, 0, 0), image token (row, column) at (0, row, column).</summary>
/// <param name="c">Sizes.</param>
/// <param name="device">Where they go.</param>
internal sealed class FluxTurns(FluxConfig c, Device device) : IDisposable
{
    // Queries and keys turn in float32, whatever the network computes in: so it was published.
    private readonly LayoutTables<(int Text, int High, int Wide)> _tables = new(l => Make(l.Text, l.High, l.Wide, c.Axes).to(ScalarType.ComplexFloat32, device));

    /// <summary>Complex [text + image tokens, head_dim/2]; read-only, and the network's.</summary>
    public JointTurns For(int text, int high, int wide) => new(_tables.For((text, high, wide)), text);

    public void Dispose() => _tables.Dispose();

    private static Tensor Make(int text, int high, int wide, IReadOnlyList<int> axes)
    {
        var (rows, columns) = (new double[text + (high * wide)], new double[text + (high * wide)]);
        for (var i = 0; i < high * wide; i++)
        {
            (rows[text + i], columns[text + i]) = (i / wide, i % wide);
        }

        return Rotary.Table([new double[rows.Length], rows, columns], axes);
    }
}
