using System.Diagnostics;
using System.Globalization;
using System.Text;
using Acceleration.Models;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Makes the pictures of a whole model, batch by batch; each batch's are written when it is done.</summary>
internal sealed class ModelRun(Terminal terminal, ModelSettings settings, Pipeline pipeline, ModelPrompts prompts, ModelPictures pictures)
{
    private readonly List<ModelReport.Made> _pictures = [];
    private readonly List<Trace> _traces = [];
    private readonly ModelPreviews _previews = new(pipeline, settings);
    private ModelReport? _earlier;
    private double _seconds;
    private double _decodeSeconds;
    private string _tag = "";
    private string _request = "";

    public required double LoadSeconds { get; init; }

    /// <summary>What the network reads of pictures; null where it reads none.</summary>
    public required Conditioning? Seen { get; init; }

    public static int Start(Terminal terminal, ModelSettings settings, bool json)
    {
        var pictures = new ModelPictures(settings);
        pictures.Require();
        var plan = settings.Plan is null ? null : settings.Sampler.Plan(settings.Plan);
        if (settings.Fast)
        {
            OperatorRoutes.Pin();
        }
        else
        {
            OperatorRoutes.PinNative();
        }

        Runtime.Tune();
        using var model = new LoadedModel(settings);
        using var prompts = ModelPrompts.Of(model.Pipeline, settings);
        OutputFolder.Require(settings.Folder);
        using var seen = pictures.Condition(model.Pipeline);
        return new ModelRun(terminal, settings, model.Pipeline, prompts, pictures) { LoadSeconds = model.Seconds, Seen = seen }.Run(settings.Sampler.For(plan, model.Pipeline.Network.Info), json);
    }

    private int Run(AccelerationPlan? plan, bool json)
    {
        TakeUp(plan);
        WriteReport();
        var batches = (prompts.Count - _pictures.Count + settings.Batch - 1) / settings.Batch;
        using (var bar = new StepBar(terminal, "generating", (settings.Call.Steps ?? pipeline.Form.UsualSteps) * batches))
        {
            try
            {
                for (var first = _pictures.Count; first < prompts.Count; first += settings.Batch)
                {
                    Batch(first, Math.Min(settings.Batch, prompts.Count - first), plan, bar);
                }
            }
            catch (OperationCanceledException)
            {
                // What was finished is told below.
            }
        }

        var report = WriteReport();
        Tell(report, json);
        return report.Complete ? 0 : Terminal.Stopped;
    }

    /// <summary>Goes on from what an earlier run left, or clears it away.</summary>
    private void TakeUp(AccelerationPlan? plan)
    {
        var builder = pipeline.Describe(settings.Call);
        _tag = (plan is null ? builder : builder.Plan(plan, settings.Sampler.Force)).Build().Tag;
        _request = ModelRequest.Of(settings, pipeline, _tag);
        _earlier = settings.Resume ? EarlierRun.In<ModelReport>(settings.Folder, _request) : null;
        _pictures.AddRange(_earlier?.Pictures ?? []);
        _previews.TakeUp(_earlier?.Previews ?? []);
        (_seconds, _decodeSeconds) = (_earlier?.Seconds ?? 0, _earlier?.DecodeSeconds ?? 0);
        UnfinishedBatch.Clear(settings.Folder, _earlier is null ? null : _pictures.Count);
    }

    /// <summary>Writes the report of what is there now.</summary>
    private ModelReport WriteReport()
    {
        var report = Report();
        WholeFile.Write(PathOf(GenerateReport.FileName), Encoding.UTF8.GetBytes(ToolJson.Of(report)));
        return report;
    }

    private void Batch(int first, int rows, AccelerationPlan? plan, StepBar bar)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var seed = settings.Seed + first;
        using var start = pictures.Start(pipeline, rows, seed);
        var builder = start is null ? pipeline.Describe(settings.Call) : pipeline.Describe(settings.Call, start);
        var sampler = (plan is null ? builder : builder.Plan(plan, settings.Sampler.Force)).Build();
        _tag = sampler.Tag;
        using var condition = pipeline.Complete(prompts.Condition(first, rows), settings.Call, Seen);
        using var negative = prompts.Negative(first, rows) is { } encoded ? pipeline.Complete(encoded, settings.Call, Seen) : null;
        var request = new SamplingRequest { Condition = condition, Negative = negative, Seed = seed, Size = pipeline.LatentSize(settings.Call), Latents = start?.Latents, PreviewEvery = settings.Previews };
        var unfinished = settings.Resume ? new UnfinishedBatch(settings.Folder, first) : null;
        var begun = Stopwatch.GetTimestamp();
        using var session = unfinished?.Begin(sampler, request) ?? sampler.Start(request);
        var before = session.Trace.Seconds;
        bar.Step(session.Done);
        _previews.TakeUp(first, session.Done);
        var progress = new Relay<SamplingProgress>(p =>
        {
            bar.Step();
            if (p.Preview is { } preview)
            {
                _previews.Write(first, p.Step, preview);
            }

            // Last: what is kept as done has left everything else behind.
            unfinished?.Keep(session);
        });
        session.RunToEnd(progress, terminal.Cancellation);
        _seconds += before + Stopwatch.GetElapsedTime(begun).TotalSeconds;
        _traces.Add(session.Trace);
        begun = Stopwatch.GetTimestamp();
        Write(first, start is null ? session.Latents : start.Finish(session.Latents));
        _decodeSeconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (unfinished is not null)
        {
            WriteReport();
            unfinished.Forget();
        }
    }

    private void Write(int first, Tensor latents)
    {
        var decodes = pipeline.Autoencoder is not null || latents.size(1) is 1 or 3;
        var pictures = decodes ? pipeline.Decode(latents, pipeline.SizeOf(settings.Call)) : null;
        for (var i = 0; i < latents.size(0); i++)
        {
            var seed = settings.Seed + first + i;
            var name = string.Create(CultureInfo.InvariantCulture, $"{first + i:000}-seed{seed}");
            var file = pictures is null ? Latents(name, latents[i]) : pictures.ndim == 5 ? Film(name, pictures[i]) : Picture(name, pictures[i]);
            _pictures.Add(new(file, prompts.Text(first + i), seed));
        }
    }

    private string Latents(string name, Tensor latents)
    {
        SafetensorsFile.Write(PathOf(name + ".safetensors"), [("latents", latents)]);
        return name + ".safetensors";
    }

    private string Picture(string name, Tensor picture)
    {
        PngWriter.Write(PathOf(name + ".png"), PictureGrid.Of(PictureSet.Of(picture.unsqueeze(0)), 1));
        return name + ".png";
    }

    /// <summary>Frames one by one, and the film of them.</summary>
    private string Film(string name, Tensor film)
    {
        PictureGrid[] frames = [.. Enumerable.Range(0, (int)film.size(1)).Select(f => PictureGrid.Of(PictureSet.Of(film.select(1, f).unsqueeze(0)), 1))];
        for (var f = 0; f < frames.Length; f++)
        {
            PngWriter.Write(PathOf(Path.Combine(name, string.Create(CultureInfo.InvariantCulture, $"frame{f:0000}.png"))), frames[f]);
        }

        AnimatedPng.Write(PathOf(name + ".png"), frames);
        return name + ".png";
    }

    private ModelReport Report()
    {
        var (earlier, drawn) = (_earlier, _earlier?.Pictures.Count ?? 0);
        var executed = _traces.Sum(t => t.MultiplyAdds) + (earlier?.MultiplyAdds ?? 0);
        var full = _traces.Sum(t => t.FullMultiplyAdds) + (earlier?.FullMultiplyAdds ?? 0);
        var made = Math.Max(1, drawn + _traces.Sum(t => t.Samples));
        return new()
        {
            Request = _request,
            Model = settings.Model,
            Asked = prompts.Count,
            Prompt = prompts.Text(0),
            Pipeline = pipeline.Parts.Pipeline,
            Sampler = _tag,
            Steps = settings.Call.Steps ?? pipeline.Form.UsualSteps,
            Size = pipeline.SizeOf(settings.Call).ToString(),
            DType = settings.Options.DType.ToString(),
            Threads = get_num_threads(),
            Complete = _pictures.Count == prompts.Count,
            LoadSeconds = LoadSeconds,
            TextSeconds = prompts.Seconds,
            Seconds = _seconds,
            DecodeSeconds = _decodeSeconds,
            Evaluations = (_traces.Sum(t => t.Evaluations * t.Samples) + (drawn * (earlier?.Evaluations ?? 0))) / made,
            FullEvaluations = (_traces.Sum(t => t.FullEvaluations * t.Samples) + (drawn * (earlier?.FullEvaluations ?? 0))) / made,
            MultiplyAdds = executed,
            FullMultiplyAdds = full,
            ArithmeticSpeedup = executed > 0 ? full / executed : null,
            Notes = _traces.Count == 0 && _earlier is not null ? _earlier.Notes : [.. prompts.Notes, .. IdleStrategy.Of(_traces).Select(i => i.ToString()), .. pipeline.Autoencoder is null && _pictures.Any(p => p.File.EndsWith(".safetensors", StringComparison.Ordinal)) ? ["The model's autoencoder is of a class that is not supported: latents were written instead of pictures."] : Array.Empty<string>()],
            Folder = Path.GetFullPath(settings.Folder),
            Pictures = _pictures,
            Previews = _previews.Names,
        };
    }

    private void Tell(ModelReport report, bool json)
    {
        if (json)
        {
            terminal.Out.WriteLine(ToolJson.Of(report));
            return;
        }

        var saved = report.ArithmeticSpeedup is { } a and > 1.005 ? string.Create(CultureInfo.InvariantCulture, $", arithmetic {a:0.00}× less") : "";
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Pictures.Count} of {prompts.Count} of {report.Size} in {report.Folder}: {report.Sampler}, load {report.LoadSeconds:0.0} s, text {report.TextSeconds:0.0} s, sampling {report.Seconds:0.0} s, pictures {report.DecodeSeconds:0.0} s, {report.Evaluations:0.#} of {report.FullEvaluations:0.#} network evaluations each{saved}"));
        foreach (var note in report.Notes)
        {
            terminal.Out.WriteLine(note);
        }
    }

    private string PathOf(string name) => Path.Combine(settings.Folder, name);
}
