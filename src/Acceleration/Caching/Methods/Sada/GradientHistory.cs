using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// What SADA knows of a trajectory at the prediction: latents z of unit variance (x itself for a flow), the newest computed output, and the gradients y = dz/du of the last steps, for which that output stands in
/// steps that computed none. Decision and approximation share it: whichever comes first in a step enters it.
/// </summary>
internal sealed class GradientHistory(RunInfo info, RunStore store, bool published)
{
    /// <summary>Gradients that a decision rests on.</summary>
    public const int Terms = 3;

    private readonly string _mode = published ? "p" : "";

    private PredictionType Type => info.Network.Prediction;

    public bool IsFlow => Type == PredictionType.Flow;

    /// <summary>Latents in the scale of gradients, of the present step.</summary>
    public Tensor Latents(in TrajectoryPoint at, RowSet rows) => Wide.Of(at.Of(rows)).Over(GradientTime.Scale(at.Step.At, IsFlow));

    /// <summary>Gradients that there are once a row has been entered into the present step; 0 where one of those that there should be was given back.</summary>
    public int Depth(in TrajectoryPoint at, RowId row)
    {
        var (now, last) = (at.Step.Index, store.Scalar(Key(at, "n"), row));
        var stored = store.Depth(Key(at, "y"), row);
        if (last is null || store.Depth(Key(at, "z"), row) < (last == now && now > 0 ? 2 : 1) || store.Depth(Key(at, "o"), row) == 0 || (stored == 0 && last > 0))
        {
            return 0;
        }

        return last == now ? stored : last == now - 1 ? Math.Min(Terms, stored + (Advances(at, row) ? 1 : 0)) : 0;
    }

    /// <summary>Gradients of a row whether or not it has been entered into the present step; 0 where something is missing to go on from them.</summary>
    public int Depth(StoreKey stream, RowId row) =>
        store.Depth(Of(stream, "z"), row) > 0 && store.Depth(Of(stream, "o"), row) > 0 ? store.Depth(Of(stream, "y"), row) : 0;

    /// <summary>Whether the step before computed a row.</summary>
    public bool WasComputed(in TrajectoryPoint at, RowId row) => store.Scalar(Key(at, "c"), row) == at.Step.Index - 1;

    /// <summary>Enters the present step, with the gradient of the one before, for rows that are not in it yet.</summary>
    public void Enter(in TrajectoryPoint at, RowSet rows)
    {
        var (call, now) = (at, at.Step.Index);
        if (rows.At(rows.Positions(r => store.Scalar(Key(call, "n"), r) != now)) is not { Count: > 0 } fresh)
        {
            return;
        }

        var broken = fresh.At(fresh.Positions(r => store.Scalar(Key(call, "n"), r) is { } last && last != now - 1));
        store.Forget(Key(at, "y"), broken);
        store.Forget(Key(at, "z"), broken);
        var follows = fresh.At(fresh.Positions(r => Advances(call, r) && store.Depth(Key(call, "z"), r) > 0 && store.Depth(Key(call, "o"), r) > 0));
        if (follows.Count > 0)
        {
            var level = at.Step.Grid.Points[now - 1];
            var y = Gradient(store.Get(Key(at, "z"), follows).Value, store.Get(Key(at, "o"), follows).Value, level, at.Step.Count);
            store.Push(Key(at, "y"), follows, y, GradientTime.Of(level, IsFlow), Terms);
        }

        store.Push(Key(at, "z"), fresh, Latents(at, fresh), keep: 2);
        foreach (var row in fresh)
        {
            store.SetScalar(Key(at, "n"), row, now);
        }
    }

    /// <summary>Takes in what the present step computed.</summary>
    public void Computed(in TrajectoryPoint at, RowSet rows, Tensor output)
    {
        Enter(at, rows);
        var call = at;
        if (rows.All(r => store.Scalar(Key(call, "c"), r) == call.Step.Index))
        {
            return;
        }

        store.Push(Key(at, "o"), rows, output);
        foreach (var row in rows)
        {
            store.SetScalar(Key(at, "c"), row, at.Step.Index);
        }
    }

    /// <summary>The newest computed output.</summary>
    public Tensor Output(in TrajectoryPoint at, RowSet rows) => store.Get(Key(at, "o"), rows).Value;

    /// <summary>The newest gradients.</summary>
    public Remembered[] Gradients(in TrajectoryPoint at, RowSet rows, int count)
    {
        var key = Key(at, "y");
        return [.. Enumerable.Range(0, count).Select(age => store.Get(key, rows, age))];
    }

    /// <summary>Where the latents of the present step should lie by the gradients before it.</summary>
    public Tensor Extrapolated(in TrajectoryPoint at, RowSet rows, int count)
    {
        var gradients = Gradients(at, rows, count);
        var (from, to) = (GradientTime.Of(at.Step.Grid.Points[at.Step.Index - 1], IsFlow), GradientTime.Of(at.Step.At, IsFlow));
        var steps = at.Step.Count;
        var weights = GradientTime.PerRow(gradients, rows.Count, nodes => published ? GradientTime.Published(nodes.Length, steps) : GradientTime.Moves(nodes, from, to));
        var z = store.Get(Key(at, "z"), rows, 1).Value;
        return WeightedSum.Of([z, .. gradients.Select(g => g.Value)], [[1], .. weights]);
    }

    /// <summary>The field whose sign tells stable from unstable, at each latent of the present step.</summary>
    public Tensor Field(in TrajectoryPoint at, RowSet rows)
    {
        var gradients = Gradients(at, rows, Terms);
        if (IsFlow && published)
        {
            return Bend(gradients, rows.Count, even: true).neg();
        }

        return (Latents(at, rows) - Extrapolated(at, rows, Terms)) * Bend(gradients, rows.Count, published);
    }

    /// <summary>The second difference, each difference over its own distance in units of the newest. From differences, so that gradients that do not change have none at all.</summary>
    private static Tensor Bend(Remembered[] gradients, int rows, bool even)
    {
        var (newest, middle, oldest) = (gradients[0].Value, gradients[1].Value, gradients[2].Value);
        var ratios = even ? [-1] : GradientTime.PerRow(gradients, rows, nodes => [-GradientTime.Ratio(nodes), 0, 0])[0];
        return WeightedSum.Of([newest - middle, middle - oldest], [[1], ratios]);
    }

    /// <summary>Whether the step before has a gradient of its own: on a flow, ours keeps those of computed steps, whose places are known.</summary>
    private bool Advances(in TrajectoryPoint at, RowId row) =>
        store.Scalar(Key(at, "n"), row) == at.Step.Index - 1 && (!IsFlow || published || WasComputed(at, row));

    private Tensor Gradient(Tensor z, Tensor output, GridPoint level, int steps)
    {
        var o = CleanSamples.Head(output, z);
        if (IsFlow)
        {
            return o.alias();
        }

        var at = GradientTime.Unit(level);
        if (!published)
        {
            return Conversions.Epsilon(o, Type, z, at).Times(at.Alpha).Increase(Conversions.X0(o, Type, z, at), -at.Sigma);
        }

        var beta = steps * 0.5 * TrainingSteps.Of(info.Network).Betas[(int)level.Time];
        return Type == PredictionType.Velocity ? o.Times(beta * at.Alpha / at.Sigma) : z.Times(-beta).Increase(o, beta / at.Sigma);
    }

    private StoreKey Key(in TrajectoryPoint at, string what) => Of(at.Key, what);

    private StoreKey Of(StoreKey stream, string what) => stream with { Name = $"{stream.Name}.{what}{_mode}" };
}
