using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Remembers computed parts and makes up skipped ones, stream by stream.</summary>
internal sealed class Approximator(IHow how, IHowRun run, RunInfo info, RunStore store)
{
    private const string Main = "main";
    private const string Text = "text";

    /// <summary>Whether a row has entries in all of its streams.</summary>
    public bool Can(in SiteCall call, RowId row, string part) =>
        run.Depth(call.Key(Main + part), row) > 0 && (!HasText(call, row, part) || run.Depth(call.Key(Text + part), row) > 0);

    /// <param name="seen">What was decided on, of the computed rows.</param>
    /// <param name="rows">The computed rows.</param>
    /// <param name="input">Their input.</param>
    /// <param name="output">Their output.</param>
    /// <param name="part">Name of the part.</param>
    public void Observe(in WhenCall seen, RowSet rows, Value input, Value output, string part)
    {
        var call = new HowCall(seen.At, Main + part) { Input = seen.InputOf(rows), Probe = Probe(seen, rows) };
        if (output.Text is not null)
        {
            store.SetScalars(TextKey(seen.At, part), rows, 1);
        }

        if (run is IDifferenceRun differences && how.Quantity == Quantity.Residual && Quantities.IsDifference(input, output))
        {
            differences.Observe(call, rows, output.Main, input.Main);
            if (output.Text is not null)
            {
                differences.Observe(call with { Name = Text + part }, rows, output.Text, input.Text!);
            }

            return;
        }

        var kept = how.Quantity == Quantity.Clean ? CleanSamples.Of(output, info.Network, seen.At, rows) : Quantities.Kept(how.Quantity, input, output);
        run.Observe(call, rows, kept.Main);
        if (kept.Text is not null)
        {
            run.Observe(call with { Name = Text + part }, rows, kept.Text);
        }
    }

    /// <inheritdoc cref="Observe"/>
    public Value Make(in WhenCall seen, RowSet rows, Value input, string part)
    {
        var call = new HowCall(seen.At, Main + part) { Input = seen.InputOf(rows), Probe = Probe(seen, rows) };
        var main = Make(call, rows);
        var text = HasText(seen.At, rows[0], part) ? Make(call with { Name = Text + part }, rows) : null;
        Value made = new(main, text);
        return how.Quantity == Quantity.Clean ? CleanSamples.Predictions(made, info.Network, seen.At, rows) : Quantities.Applied(how.Quantity, input, made);
    }

    private Tensor Make(in HowCall call, RowSet rows)
    {
        var made = run.Make(call, rows);
        run.ObserveMade(call, rows, made);
        return made;
    }

    private static Tensor? Probe(in WhenCall seen, RowSet rows) => seen.Probe is null ? null : seen.ProbeOf(rows);

    /// <summary>A number of its own: the tensor may have been given back.</summary>
    private bool HasText(in SiteCall call, RowId row, string part) => store.Scalar(TextKey(call, part), row) is not null;

    private static StoreKey TextKey(in SiteCall call, string part) => call.Key(Text + part);
}
