using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>DeepCache on a UNet: which modules ran in which step, and the latents, for several intervals and cuts.</summary>
internal sealed partial class DeepCacheCheck : ICheck
{
    private const string Technique = "DeepCache (uniform)";

    public string Kind => "caching";

    public string Knows => $"{Technique} on UNet2DConditionModel";

    public bool Fits(GoldenFile file) => file.TextOrNull("technique") == Technique && file.TextOrNull("model_class") == "UNet2DConditionModel";

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        using var network = UNet.Load(file.Path);
        var layers = file.Config("config").Get("layers_per_block", 2);
        var scheduler = Scheduler(file);
        var columns = file.Json("computed_columns").Deserialize<string[]>()!;
        var (start, text) = (file.Read("input.x0"), file.Read("input.encoder_hidden_states"));
        using var condition = new Conditioning((int)text.size(0), (ConditionNames.Text, text));
        foreach (var (number, json) in file.Json("cases").EnumerateArray().Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var settings = new StoredConfig($"case {number}", json);
            var (branch, listener) = (settings.Get<int>("cache_branch_id"), new ModuleListener());
            var method = new DeepCache(settings.Get<int>("cache_interval"), (branch / 3 * (layers + 1)) + (branch % 3));
            settings.RequireAllRead();
            var (latents, computed) = (file.Read($"output.case{number}.x"), file.Whole($"output.case{number}.computed").Chunk(columns.Length).ToArray());
            var sampler = Sampler.For(network).Solve(scheduler.Solver, scheduler.Grid, scheduler.Clip).Use(method).Use(listener).Build();
            using var session = sampler.Start(new() { Condition = condition, Latents = start, Size = [.. start.shape.Skip(1)] });
            for (var step = 0; step < computed.Length; step++)
            {
                found.Within("latents", $"case {number}, step {step}", session.Latents, latents[step], file.Number("recommended_atol"));
                session.Advance(cancellation);
                found.Equal("computed", $"case {number}, step {step}", columns.Select(c => Ran(network, listener, layers, step, c) ? 1L : 0), computed[step]);
            }

            found.Within("latents", $"case {number}, end", session.Latents, latents[-1], file.Number("recommended_atol"));
        }
    }

    /// <summary>What changes the resolution has no site of its own: it ran where what lies below the skip connection before it did.</summary>
    private static bool Ran(UNet network, ModuleListener listener, int layers, int step, string module)
    {
        var change = Resampler().Match(module);
        if (!change.Success || network.Info.Sites.All.Any(s => s.Path == module))
        {
            return listener.Ran(step, module);
        }

        var level = int.Parse(change.Groups[2].Value, CultureInfo.InvariantCulture);
        var levels = network.Info.Sites.All.Where(s => s.Depth is not null).Max(s => s.Depth!.Value + 1) / (layers + 1);
        var outer = change.Groups[1].Value == "down" ? level : levels - 2 - level;
        return listener.Ran(step, $"cut.{(outer * (layers + 1)) + layers}");
    }

    private static StoredScheduler Scheduler(GoldenFile file)
    {
        var text = file.Text("scheduler");
        var said = Said().Match(text);
        if (!said.Success)
        {
            throw new NotKnownException($"its scheduler, '{text}', is not known yet.");
        }

        var config = JsonSerializer.SerializeToElement(new
        {
            beta_schedule = said.Groups[1].Value,
            beta_start = double.Parse(said.Groups[2].Value, CultureInfo.InvariantCulture),
            beta_end = double.Parse(said.Groups[3].Value, CultureInfo.InvariantCulture),
            steps_offset = int.Parse(said.Groups[4].Value, CultureInfo.InvariantCulture),
            set_alpha_to_one = said.Groups[5].Value == "true",
            clip_sample = said.Groups[6].Value == "true",
        });
        var (nothing, eta) = (JsonSerializer.SerializeToElement(new { }), JsonSerializer.SerializeToElement(new { eta = double.Parse(said.Groups[7].Value, CultureInfo.InvariantCulture) }));
        return StoredScheduler.Of("DDIMScheduler", new("scheduler", config), new("call", nothing), new("step", eta), file.Count("steps"));
    }

    [GeneratedRegex(@"^DDIM (\w+) ([0-9.]+)\.\.([0-9.]+), steps_offset (\d+), set_alpha_to_one (true|false), clip_sample (true|false), eta ([0-9.]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Said();

    [GeneratedRegex(@"^(down|up)_blocks\.(\d+)\.(?:down|up)samplers\.0$", RegexOptions.CultureInvariant)]
    private static partial Regex Resampler();
}
