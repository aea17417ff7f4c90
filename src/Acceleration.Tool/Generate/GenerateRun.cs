using System.Diagnostics;
using System.Text;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Samples batch by batch; each batch's pictures are written when it is done, so that stopping loses the running one only.</summary>
internal sealed class GenerateRun(Terminal terminal, GenerateSettings settings, Sampler sampler, NetworkConditions asked, ScalarType dtype)
{
    private readonly List<GeneratedPicture> _pictures = [];
    private readonly List<string> _previews = [];
    private readonly List<Trace> _traces = [];
    private GenerateReport? _earlier;
    private double _seconds;

    public static int Start(Terminal terminal, GenerateSettings settings, bool json)
    {
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
        var (network, dtype) = TypeOption.Load(settings.Model, settings.DType, settings.Onnx);
        using (network)
        {
            using var asked = NetworkConditions.Of(network, settings.Labels, settings.Conditions, settings.Count);
            LatentPictures.Require(network.Info.SampleSize);
            OnnxNetwork.RequirePictures(network, settings.Model);
            var run = new GenerateRun(terminal, settings, settings.Sampler.Build(network, plan), asked, dtype);
            OutputFolder.Require(settings.Folder);
            run.TakeUp();
            run.WriteReport();
            var stopped = !run.ToEnd();
            GenerateSummary.Write(terminal, run.WriteReport(), json);
            return stopped ? Terminal.Stopped : 0;
        }
    }

    /// <summary>Goes on from what an earlier run left, or clears it away.</summary>
    private void TakeUp()
    {
        _earlier = settings.Resume ? EarlierRun.In<GenerateReport>(settings.Folder, Request) : null;
        _pictures.AddRange(_earlier?.Pictures ?? []);
        _previews.AddRange(_earlier?.Previews ?? []);
        _seconds = _earlier?.Seconds ?? 0;
        UnfinishedBatch.Clear(settings.Folder, _earlier is null ? null : _pictures.Count);
    }

    /// <returns>Whether all pictures were made.</returns>
    private bool ToEnd()
    {
        try
        {
            using var bar = new StepBar(terminal, "generating", sampler.Steps * ((asked.Count - _pictures.Count + settings.Batch - 1) / settings.Batch));
            for (var first = _pictures.Count; first < asked.Count; first += settings.Batch)
            {
                asked.Ask(first, Math.Min(settings.Batch, asked.Count - first), settings.Seed + first, request => Batch(first, request, bar));
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Batch(int first, SamplingRequest batch, StepBar bar)
    {
        using var scope = NewDisposeScope();
        var request = batch with { PreviewEvery = settings.Previews };
        var unfinished = settings.Resume ? new UnfinishedBatch(settings.Folder, first) : null;
        var begun = Stopwatch.GetTimestamp();
        using var session = unfinished?.Begin(sampler, request) ?? sampler.Start(request);
        var before = session.Trace.Seconds;
        bar.Step(session.Done);
        _previews.AddRange(Enumerable.Range(1, session.Done).Select(step => PreviewName(first, step)).Where(n => !_previews.Contains(n) && File.Exists(PathOf(n))));
        var progress = new Relay<SamplingProgress>(p =>
        {
            bar.Step();
            if (p.Preview is { } preview)
            {
                Preview(first, p.Step, preview);
            }

            // Last: what is kept as done has left everything else behind.
            unfinished?.Keep(session);
        });
        session.RunToEnd(progress, terminal.Cancellation);
        _seconds += before + Stopwatch.GetElapsedTime(begun).TotalSeconds;
        _traces.Add(session.Trace);
        Write(first, session.Latents.to(ScalarType.Float32).cpu().contiguous());
        if (unfinished is not null)
        {
            WriteReport();
            unfinished.Forget();
        }
    }

    private void Write(int first, Tensor latents)
    {
        var values = latents.data<float>().ToArray();
        var pictures = LatentPictures.Of(values, latents.shape);
        for (var i = 0; i < pictures.Count; i++)
        {
            var (label, seed) = (asked.Label(first + i), settings.Seed + first + i);
            var name = $"{first + i:000}-{(label is null ? "" : $"label{label}-")}seed{seed}";
            PngWriter.Write(PathOf(name + ".png"), PictureGrid.Of(pictures.At(i), 1));
            if (!LatentPictures.ArePictures(latents.shape))
            {
                SafetensorsFile.Write(PathOf(name + ".safetensors"), [("latents", latents[i])]);
            }

            _pictures.Add(new(name + ".png", label, seed));
        }
    }

    private void Preview(int first, int step, LatentsPreview preview)
    {
        var name = PreviewName(first, step);
        PngWriter.Write(PathOf(name), PictureGrid.Of(LatentPictures.Of(preview.Values, preview.Shape), 10));
        if (!_previews.Contains(name))
        {
            _previews.Add(name);
        }
    }

    /// <summary>Writes the report of what is there now.</summary>
    private GenerateReport WriteReport()
    {
        var report = Report();
        WholeFile.Write(PathOf(GenerateReport.FileName), Encoding.UTF8.GetBytes(ToolJson.Of(report)));
        return report;
    }

    private string Request => RequestHash.Of(sampler.Denoiser.Info.Fingerprint, sampler.Tag, dtype, asked.Identity, settings.Seed, settings.Batch, settings.Previews, settings.Fast);

    private GenerateReport Report()
    {
        var (earlier, drawn) = (_earlier, _earlier?.Pictures.Count ?? 0);
        var executed = _traces.Sum(t => t.MultiplyAdds) + (earlier?.MultiplyAdds ?? 0);
        var full = _traces.Sum(t => t.FullMultiplyAdds) + (earlier?.FullMultiplyAdds ?? 0);
        var made = Math.Max(1, _pictures.Count);
        return new()
        {
            Request = Request,
            Model = settings.Model,
            Network = sampler.Denoiser.Info.Name,
            Sampler = sampler.Tag,
            Steps = sampler.Steps,
            DType = dtype.ToString(),
            Threads = get_num_threads(),
            Complete = _pictures.Count == asked.Count,
            Asked = asked.Count,
            Seconds = _seconds,
            Evaluations = (_traces.Sum(t => t.Evaluations * t.Samples) + (drawn * (earlier?.Evaluations ?? 0))) / made,
            FullEvaluations = (_traces.Sum(t => t.FullEvaluations * t.Samples) + (drawn * (earlier?.FullEvaluations ?? 0))) / made,
            MultiplyAdds = executed,
            FullMultiplyAdds = full,
            ArithmeticSpeedup = executed > 0 ? full / executed : null,
            Notes = Notes(),
            Folder = Path.GetFullPath(settings.Folder),
            Pictures = _pictures,
            Previews = _previews,
        };
    }

    /// <summary>A strategy was idle where it was so in both runs.</summary>
    private IReadOnlyList<string> Notes()
    {
        string[] now = [.. IdleStrategy.Of(_traces).Select(i => i.ToString())];
        return _earlier is not { Pictures.Count: > 0 } ? now : _traces.Count == 0 ? _earlier.Notes : [.. now.Intersect(_earlier.Notes)];
    }

    private static string PreviewName(int first, int step) => Path.Combine("previews", $"{first:000}-step{step:000}.png");

    private string PathOf(string name) => Path.Combine(settings.Folder, name);
}
