using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembers computed parts and makes up skipped ones, stream by stream.</summary>
internal sealed class Approximator(IHow how, IHowRun run, RunStore store)
{
    private const string Main = "main";
    private const string Text = "text";

    /// <summary>Whether a row has entries in all of its streams.</summary>
    public bool Can(in SiteCall call, RowId row, string part) =>
        run.Depth(new(call, Main + part), row) > 0 && (!HasText(call, row, part) || run.Depth(new(call, Text + part), row) > 0);

    /// <param name="call">The site.</param>
    /// <param name="rows">The computed rows.</param>
    /// <param name="input">Their input.</param>
    /// <param name="output">Their output.</param>
    /// <param name="part">Name of the part.</param>
    /// <param name="probe">Their probe, where there is one.</param>
    public void Observe(in SiteCall call, RowSet rows, Value input, Value output, string part, Tensor? probe)
    {
        var kept = Quantities.Kept(how.Quantity, input, output);
        run.Observe(new(call, Main + part) { Probe = probe }, rows, kept.Main);
        if (kept.Text is not null)
        {
            run.Observe(new(call, Text + part) { Probe = probe }, rows, kept.Text);
            foreach (var row in rows)
            {
                store.SetScalar(TextKey(call, part), row, 1);
            }
        }
    }

    /// <inheritdoc cref="Observe"/>
    public Value Make(in SiteCall call, RowSet rows, Value input, string part, Tensor? probe)
    {
        var main = run.Make(new(call, Main + part) { Probe = probe }, rows);
        var text = HasText(call, rows[0], part) ? run.Make(new(call, Text + part) { Probe = probe }, rows) : null;
        return Quantities.Applied(how.Quantity, input, new(main, text));
    }

    /// <summary>A number of its own: the tensor may have been given back.</summary>
    private bool HasText(in SiteCall call, RowId row, string part) => store.Scalar(TextKey(call, part), row) is not null;

    private static StoreKey TextKey(in SiteCall call, string part) => call.Key(Text + part);
}
