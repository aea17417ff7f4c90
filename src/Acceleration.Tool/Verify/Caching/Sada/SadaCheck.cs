namespace Acceleration.Tool;

/// <summary>Recorded runs of the authors' schedulers of SADA on a network in closed form: which steps ran it, what it gave, the latents, the criterion and the tokens that it would compute.</summary>
internal sealed class SadaCheck : ICheck
{
    private const string Technique = "SADA stability criterion";

    public string Kind => "caching";

    public string Knows => Technique;

    public bool Fits(GoldenFile file) => file.TextOrNull("technique") == Technique;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var steps = file.Count("steps");
        var (none, config, arguments) = (file.Config("none"), file.Config("config"), file.Config("arguments"));
        var scheduler = StoredScheduler.Of(file.Text("scheduler_class"), config, none, none, steps);
        var points = StoredSigmas.Asked(scheduler);
        if (points.Length != steps || scheduler.Grid.Steps != steps)
        {
            throw new NotKnownException($"{file.Text("scheduler_class")} makes {points.Length} network calls in {steps} steps; one in each is known.");
        }

        found.Relative("timesteps", points.Select(p => p.Time), file.Numbers("output.timesteps"), 1e-5, floor: 0.01);
        found.Relative("sigmas", StoredSigmas.Of(scheduler, points), file.Numbers("output.sigmas"), 1e-5, floor: 1e-4);
        var strategy = Strategy(arguments, out var most);
        arguments.RequireAllRead();
        Levels(file, steps);
        var loop = new SadaLoop(file, found, scheduler, strategy, new(file));
        loop.Freely(cancellation);
        loop.FromRecorded(most, cancellation);
        found.Equal("steps not computed", "", file.Whole("output.model_ran").Index().Where(s => s.Item == 0).Select(s => (long)s.Index), System.Text.Json.JsonSerializer.Deserialize<long[]>(file.Json("steps_not_computed"))!);
    }

    private static void Levels(GoldenFile file, int steps)
    {
        if (file.Shape("output.x")[0] != steps + 1 || file.Shape("output.model_out")[0] != steps || file.Shape("output.model_ran")[0] != steps || file.Shape("output.skip_next")[0] != steps)
        {
            throw file.Wrong($"output.x, output.model_out, output.model_ran and output.skip_next do not hold {steps} steps.");
        }
    }

    private static Sada Strategy(StoredConfig arguments, out int most)
    {
        var range = arguments.Get<int[]>("acc_range");
        if (range.Length != 2)
        {
            throw new NotKnownException($"acc_range has {range.Length} numbers; a first and a last step are known.");
        }

        most = arguments.Get<int>("max_fix");
        var sada = new Sada(range[0], range[1], arguments.Get<int>("max_interval"))
        {
            Published = true,
            LagrangeFrom = arguments.Get<int?>("lagrange_step", null),
            LagrangeEvery = arguments.Get<int?>("lagrange_int", null) ?? 4,
        };
        var terms = arguments.Get("lagrange_term", 0);
        return sada.MaxSkip == 0 ? throw new NotKnownException("max_interval = 0 is not known yet.")
            : (sada.LagrangeFrom is null) != (terms == 0) ? throw new NotKnownException("lagrange_term and lagrange_step without one another are not known yet.")
            : terms == 0 ? sada : sada with { LagrangeTerms = terms };
    }
}
