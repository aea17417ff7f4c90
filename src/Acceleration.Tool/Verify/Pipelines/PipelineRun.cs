using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>One recorded run, repeated.</summary>
internal sealed class PipelineRun(GoldenFile file, PipelineForm form, StoredCall call, PipelineParts parts, IDenoiser network, IAutoencoder? autoencoder, Findings found) : IDisposable
{
    /// <summary>What the reference calls the tensors of a prompt, and what they are called here.</summary>
    private static readonly (string Stored, string Name)[] Prompts =
    [
        ("prompt_embeds", ConditionNames.Text), ("pooled_prompt_embeds", ConditionNames.Pooled), ("prompt_attention_mask", ConditionNames.TextMask),
    ];

    /// <summary>The label that the DiT pipeline uses for "no class", whatever the network.</summary>
    private const long NullClass = 1000;

    private const double Levels = 1e-5;

    private readonly PictureSize _size = form.SampledSize(parts, call.Call, call.Call.Size ?? form.UsualSize(parts));
    private readonly List<Conditioning> _conditions = [];
    private readonly double _tolerance = file.Number("recommended_rtol_of_max");

    private IReadOnlyList<long> LatentSize => form.LatentSize(parts, _size);

    /// <summary>The class-conditional pipeline keeps both halves of its batch.</summary>
    private int Copies => form is DiTForm && call.Guidance > 1 ? 2 : 1;

    /// <summary>Samples in the form in which they are stored.</summary>
    public Tensor Stored(Tensor latents) => cat([.. Enumerable.Repeat(StoredLatents.Of(file.Text("pipeline"), LatentSize).ToStored(latents), Copies)], 0);

    /// <returns>The last latents.</returns>
    public Tensor Compare(CancellationToken cancellation)
    {
        var schedule = form.Schedule(parts, call.Steps ?? form.UsualSteps, LatentSize);
        var grid = parts.Scheduler.Schedule(schedule);
        found.Equal("timesteps", "", grid.Points.Select(p => p.Time).Select(t => Math.Round(t, 3)), file.Numbers("output.timesteps").Select(t => Math.Round(t, 3)));
        if (file.Has("output.sigmas"))
        {
            var stored = new StoredScheduler(grid, parts.Scheduler.Solver, parts.Scheduler.Prediction, parts.Scheduler.Clip, parts.Scheduler.Noise) { Levels = parts.Scheduler.Grid(schedule) };
            found.Relative("sigmas", StoredSigmas.Of(stored, StoredSigmas.Asked(stored)), file.Numbers("output.sigmas"), Levels);
        }

        var (outputs, samples) = (file.Read("output.step_model_output"), file.Read("output.step_sample"));
        var calls = 0;
        var solver = new WatchedSolver(Solver(), (_, now) => found.WithinOfMax("step_model_output", $"call {calls}", Stored(now.Output), outputs[calls++], _tolerance));
        using var session = Guided(Sampler.For(network).Solve(solver, grid, parts.Scheduler.Clip)).Build().Start(Request(grid));
        for (var k = 0; k < grid.Steps; k++)
        {
            // A step's sample is the one it starts from.
            found.WithinOfMax("step_sample", $"step {k}", Stored(session.Latents), samples[calls], _tolerance);
            session.Advance(cancellation);
        }

        found.WithinOfMax("final_sample", "", Stored(session.Latents), file.Read("output.final_sample"), _tolerance);
        return session.Latents.clone();
    }

    public void Dispose() => _conditions.ForEach(c => c.Dispose());

    private ISolver Solver() => call.Eta == 0 ? parts.Scheduler.Solver
        : parts.Scheduler.Solver is Ddim ddim ? ddim with { Eta = call.Eta }
        : throw new NotKnownException($"call: eta = {call.Eta} means nothing to {parts.Scheduler.ClassName}.");

    private SamplerBuilder Guided(SamplerBuilder builder)
    {
        if (call.Guidance > 1)
        {
            builder.Guidance(call.Guidance);
        }

        if (call.Rescale > 0)
        {
            builder.Use(new GuidanceRescale(call.Rescale));
        }

        return call.SkipLayers is { } skip ? builder.Use(skip) : builder;
    }

    private SamplingRequest Request(Schedule grid)
    {
        var given = file.ReadOrNull("input.latents");
        Tensor[] draws = [.. Enumerable.Range(0, file.Names.Count).TakeWhile(i => file.Has($"input.noise.{i}")).Select(i => file.Read($"input.noise.{i}"))];
        var first = given is null ? draws[0] : StoredLatents.Of(file.Text("pipeline"), LatentSize).FromStored(given);

        // A pipeline that is given its latents encodes pictures before it draws anything else.
        var left = new Queue<Tensor>(given is null ? draws[1..] : draws);
        var seen = StoredPictures.Condition(file, form, parts, _size, autoencoder, left);
        if (seen is not null)
        {
            _conditions.Add(seen);
        }

        Tensor[] rest = [.. left];
        if (call.Eta > 0 && rest.Length == 0)
        {
            throw new NotKnownException(FormattableString.Invariant($"call: eta = {call.Eta} draws noise in the steps, and none is recorded."));
        }

        return new()
        {
            Condition = Condition("", seen),
            Negative = call.Guidance > 1 ? Condition("negative_", seen) : null,
            Size = LatentSize,
            Latents = first.mul(grid.InitialNoiseScale),
            Noise = rest.Length == 0 ? null : new RecordedNoise(stack(rest, 0)),
        };
    }

    private Conditioning Condition(string sign, Conditioning? seen)
    {
        _conditions.Add(Made(sign, seen));
        return _conditions[^1];
    }

    private Conditioning Made(string sign, Conditioning? seen)
    {
        if (call.Labels.Length > 0)
        {
            return Conditioning.Labels(sign.Length == 0 ? call.Labels : [.. call.Labels.Select(_ => NullClass)]);
        }

        (string Name, Tensor Tensor)[] image = Image() is { } given ? [(ConditionNames.Image, given)] : [];
        (string Name, Tensor Tensor)[] prompt = [.. Prompts.Where(p => file.Has($"input.{sign}{p.Stored}")).Select(p => (p.Name, file.Read($"input.{sign}{p.Stored}"))), .. image];
        var rows = prompt.Length == 0 ? call.Samples : (int)prompt[0].Tensor.size(0);
        using var encoded = new Conditioning(rows, prompt);
        return form.Complete(parts, encoded, call.Call, _size, seen);
    }

    /// <summary>What an image encoder saw, the same in both branches; two frames are stored one below the other, and read one behind the other.</summary>
    private Tensor? Image() => file.ReadOrNull("input.image_embeds") is not { } stored ? null
        : parts.Network.Conditions.FirstOrDefault(c => c.Name == ConditionNames.Image) is { IsSequence: false } both ? stored.reshape(-1, both.Size[0], both.Size[1])
        : stored;
}
