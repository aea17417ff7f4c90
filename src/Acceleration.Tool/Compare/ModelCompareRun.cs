using System.Globalization;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Compares plans on a whole model: its own scheduler, steps and guidance, pictures as its autoencoder makes them.</summary>
internal static class ModelCompareRun
{
    private const int LongestPrompt = 80;

    /// <param name="terminal">Where results go.</param>
    /// <param name="settings">What all comparisons are asked for.</param>
    /// <param name="asked">What is asked of the model.</param>
    public static int Start(Terminal terminal, CompareSettings settings, ModelSettings asked)
    {
        var plans = CompareRun.Plans(new(null, settings.Guidance, settings.Force), settings);
        var pictures = new ModelPictures(asked);
        pictures.RequireOnlyRead();
        OutputFolder.Require(settings.Folder);
        Runtime.Tune();
        using var model = new LoadedModel(asked);
        var (pipeline, call) = (model.Pipeline, asked.Call);
        var size = pipeline.LatentSize(call);
        using var prompts = ModelPrompts.Of(pipeline, asked);
        using var gradients = no_grad();
        using var seen = pictures.Condition(pipeline);
        using var condition = pipeline.Complete(prompts.Condition(0, prompts.Count), call, seen);
        using var negative = prompts.Negative(0, prompts.Count) is { } encoded ? pipeline.Complete(encoded, call, seen) : null;
        var comparison = CompareRun.Of((plan, steps) => Build(pipeline, call with { Steps = steps }, plan, settings.Force), settings.Steps ?? pipeline.Form.UsualSteps, [.. plans, .. CompareRun.Presets(settings, pipeline.Network.Info)])
            .Title(Title(pipeline, asked, prompts))
            .Repeats(settings.Repeats);
        if (pipeline.Autoencoder is not null || size[0] is 1 or 3)
        {
            comparison.Pixels(new(0, 1), latents => pipeline.Decode(latents, pipeline.SizeOf(call)));
        }
        else
        {
            comparison.Pixels(CompareRun.LatentRange, CompareRun.Shown);
            terminal.Error.WriteLine("The model's autoencoder is of a class that is not supported: latents are compared instead of pictures.");
        }

        foreach (var note in prompts.Notes)
        {
            terminal.Error.WriteLine(note);
        }

        return CompareRun.Run(terminal, settings, comparison, new() { Condition = condition, Negative = negative, Seed = settings.Seed, Size = size });
    }

    private static Sampler Build(Pipeline pipeline, PipelineCall call, AccelerationPlan? plan, bool force)
    {
        var builder = pipeline.Describe(call);
        return (plan is null ? builder : builder.Plan(plan, force)).OnNonFinite(NonFinite.Ignore).Build();
    }

    /// <summary>Model, prompt, size, number format: what a report must say to be read later.</summary>
    private static string Title(Pipeline pipeline, ModelSettings asked, ModelPrompts prompts)
    {
        var (first, others) = (prompts.Text(0), prompts.Count - 1);
        var what = first is null ? "" : $"\u201c{Shortened(first)}\u201d{(others > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {others} more") : "")}, ";
        return $"{pipeline.Name}: {what}{pipeline.SizeOf(asked.Call)}, {asked.Options.DType}";
    }

    private static string Shortened(string prompt) => prompt.Length <= LongestPrompt ? prompt : prompt[..LongestPrompt] + "...";
}
