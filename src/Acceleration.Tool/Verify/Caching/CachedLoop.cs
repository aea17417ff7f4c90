using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Acceleration.Tool;

/// <summary>The sampling loop of a golden file of a caching technique: Euler on a flow, with or without guidance.</summary>
internal sealed partial class CachedLoop
{
    private const string Straight = "sigma = linspace(1,0,N+1); x <- x + (sigma[i+1]-sigma[i])*v; model timestep = ";
    private const string Seen = "; 'current timestep' seen by the technique = 1000*sigma";

    /// <exception cref="NotKnownException">It describes another loop.</exception>
    public CachedLoop(GoldenFile file, StoredNetwork stored, IDenoiser network)
    {
        Columns = [.. file.Json("computed_columns").Deserialize<string[]>()!.Select(c => (c, stored.Site(network, c)))];
        var loop = file.Text("loop");
        if (loop != $"{Straight}{(stored.TimeUnits == 1 ? "sigma" : "1000*sigma")}{Seen}")
        {
            throw new NotKnownException($"its loop, '{loop}', is not known yet; Euler's steps over a straight line of sigmas from 1 to 0 are.");
        }

        Steps = file.Count("steps");
        float[] sigmas = [.. file.Numbers("input.sigmas").Select(s => (float)s)];
        if (sigmas.Length != Steps + 1 || sigmas.Where((s, i) => Math.Abs(s - (1 - ((double)i / Steps))) > 1e-6).Any())
        {
            throw new NotKnownException($"input.sigmas are not the {Steps + 1} of the straight line that its loop names.");
        }

        Grid = Schedule.Through("stored", [.. sigmas.Select(s => new GridPoint(1000 * s, 1 - s, s))]);
        var guidance = file.Text("guidance");
        if (guidance == "none")
        {
            return;
        }

        var scale = Combined().Match(guidance);
        Scale = scale.Success ? double.Parse(scale.Groups[1].Value, CultureInfo.InvariantCulture) : throw Unknown(guidance);
        Separate = scale.Groups[2].Value switch
        {
            "one batch [uncond, cond]" => false,
            "separate passes, conditional first, each with its own cache state; rows of output.computed alternate cond, uncond" => true,
            _ => throw Unknown(guidance),
        };
    }

    /// <summary>The attentions that are counted: names of the reference's modules, and their sites.</summary>
    public IReadOnlyList<(string Module, string Site)> Columns { get; }

    /// <summary>The same, to be found by patterns.</summary>
    public AttentionNames Attention => new(Columns);

    public int Steps { get; }

    public Schedule Grid { get; }

    /// <summary>Guidance scale; null where there is no guidance.</summary>
    public double? Scale { get; }

    /// <summary>Whether each branch is a call of its own.</summary>
    public bool Separate { get; }

    /// <summary>Calls of the network.</summary>
    public int Calls => Separate ? 2 * Steps : Steps;

    /// <summary>The sampler with some strategies.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seen">Told each step's prediction.</param>
    /// <param name="strategies">Strategies.</param>
    public Sampler Sampler(IDenoiser network, Action<int, Prediction> seen, params IStrategy[] strategies) => strategies.Aggregate(Describe(network, new WatchedSolver(new FlowEuler(), seen)), (b, s) => b.Use(s)).Build();

    /// <summary>The sampler without strategies, not yet frozen.</summary>
    public SamplerBuilder Plain(IDenoiser network) => Describe(network, new FlowEuler());

    private SamplerBuilder Describe(IDenoiser network, ISolver solver)
    {
        var builder = Acceleration.Sampler.For(network).Solve(solver, Grid);
        builder = Scale is { } scale ? builder.Guidance(scale) : builder;
        return Separate ? builder.SeparateBranches() : builder;
    }

    private static NotKnownException Unknown(string guidance) => new($"its guidance, '{guidance}', is not known yet.");

    [GeneratedRegex(@"^v = u \+ ([0-9.]+)\*\(c-u\); (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Combined();
}
