using static TorchSharp.torch;

namespace Acceleration.Onnx;

/// <summary>
/// Splits a model's graph into parts that strategies can skip: blocks of a transformer and their attention and feed-forward parts, or the nested cuts of a UNet. They are found by how values depend on one another - what all paths from the latents
/// to the prediction lead through, and which parts repeat - and not by names.
/// </summary>
public static class OnnxSplitter
{
    /// <summary>Name of the manifest in the folder of a split model, which <see cref="OnnxDenoiser.Load"/> takes.</summary>
    public const string ManifestName = "split.json";

    // Half-precision products differ by as much as they are ordered; another prediction differs by far more.
    private const double MostDifference = 0.05;

    /// <summary>Splits a model, and makes sure that the parts together give what the whole gives.</summary>
    /// <remarks>The whole model and the parts are open at the same time, which takes some times the memory of the weights: about five where they are inside of the model, three where they lie in files of their own.</remarks>
    /// <param name="path">An .onnx file, or a folder that holds one.</param>
    /// <param name="folder">Where the parts go, a folder of their own. Weights go there once, in a file that the parts share; those that lie in files of their own already are linked, not copied, where the file system can.</param>
    /// <param name="options">As for <see cref="OnnxDenoiser.Load"/>.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="OnnxException">The model cannot be read or run, or has no blocks and no cuts.</exception>
    /// <exception cref="IOException">The parts cannot be written.</exception>
    public static OnnxSplit Split(string path, string folder, OnnxOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new();
        var files = ModelFiles.At(path);
        if (Path.GetFullPath(folder) == Path.GetDirectoryName(Path.GetFullPath(files.Model)))
        {
            throw new OnnxException(files.Model, "its parts need a folder of their own.");
        }

        if (File.Exists(folder) || (Directory.Exists(folder) && !File.Exists(Path.Combine(folder, ManifestName)) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new OnnxException(files.Model, $"'{folder}' holds other things: its parts need a folder of their own.");
        }

        // Made beside it and moved at the end, so that nothing half-written stands there.
        var draft = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + $".{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(draft);
        try
        {
            var made = Make(files, draft, options);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(draft, folder);
            return OnnxSplit.Of(made.Manifest, Path.Combine(folder, ManifestName), made.Usual, made.Difference);
        }
        catch
        {
            Directory.Delete(draft, recursive: true);
            throw;
        }
    }

    private static Made Make(ModelFiles files, string folder, OnnxOptions options)
    {
        var model = ModelReader.Read(files.Model);
        using (var externals = new Externals(files.Model, folder))
        {
            externals.Move(model.Graph);
        }

        foreach (var (beside, name) in new[] { (files.Config, "config.json"), (files.Scheduler, "scheduler_config.json") })
        {
            if (beside is not null)
            {
                File.Copy(beside, Path.Combine(folder, name));
            }
        }

        using var network = OnnxDenoiser.Load(files.Model, options with { CountsWork = false });
        if (network.Signature.FixedRows > 0 || network.Signature.HasOneTime)
        {
            throw new OnnxException(files.Model, "it takes a fixed number of rows, or one timestep for all, and parts of it may be run on some rows: export it with dynamic rows and a timestep for each.");
        }

        var graph = new GraphIndex(files.Model, model.Graph, network.Signature.Latents.Name);
        var usual = network.Info.SampleSize;
        var probing = new Probing(files.Model, model, graph, folder, network.Info, network.Signature);
        var calls = probing.Usual();
        string? oneSize = null;
        if (ProbeInputs.OtherSize(network.Info, network.Signature) is { } other)
        {
            try
            {
                return Parts(new([.. calls, probing.Of(other)]), usual, other);
            }
            catch (OnnxException e)
            {
                // The model may take no such size after all, or a part asks for one of which nothing that it is given tells.
                oneSize = e.Message;
                foreach (var part in Directory.EnumerateFiles(folder, "*.onnx"))
                {
                    File.Delete(part);
                }
            }
        }

        return Parts(new(calls), usual);

        Made Parts(ProbedSizes sizes, params IReadOnlyList<IReadOnlyList<long>> pictures)
        {
            var output = options.Output ?? model.Graph.Output[0].Name;
            var writer = new SegmentWriter(model, graph, sizes, folder);
            var manifest = new UNetSplit(files.Model, graph, sizes, output).Split(writer) ?? new ChainSplit(files.Model, graph, sizes, output).Split(writer)
                ?? throw new OnnxException(files.Model, "no repeated blocks were found in it, nor skip connections: it cannot be split. Strategies on whole network calls apply to it as it is.");
            manifest = manifest with { OneSize = oneSize };
            manifest.Write(Path.Combine(folder, ManifestName));
            using var split = OnnxDenoiser.Load(folder, options with { Output = null });
            return new(manifest, sizes.Calls[0], pictures.Max(p => Difference(files, network, split, p)));
        }
    }

    /// <summary>Of the parts' prediction from the whole's.</summary>
    private static double Difference(ModelFiles files, OnnxDenoiser whole, OnnxDenoiser split, IReadOnlyList<long> size)
    {
        using var scope = NewDisposeScope();
        using var condition = ProbeInputs.Condition(whole.Info, ProbedSizes.Rows);
        var latents = randn([ProbedSizes.Rows, .. size], dtype: whole.Info.DType, device: whole.Info.Device);
        var time = full(ProbedSizes.Rows, 500f);
        var expected = whole.Predict(latents, time, condition, Evaluation.Plain(ProbedSizes.Rows)).to(ScalarType.Float64);

        var most = Math.Max(expected.abs().max().item<double>(), double.Epsilon);
        var relative = Math.Max(Off(apart: true), Off(apart: false)) / most;
        return relative < MostDifference ? relative : throw new OnnxException(files.Model, FormattableString.Invariant($"its parts give another prediction of latents [{string.Join(", ", size)}] than the whole, by {relative:0.0e+0} of the largest value, so it is not split. Please report this."));

        double Off(bool apart)
        {
            // The first call finds the sizes of outputs; all later ones write them where libtorch keeps them, and these are what is compared.
            split.RunsApart = apart;
            split.Predict(latents, time, condition, Evaluation.Plain(ProbedSizes.Rows)).Dispose();
            return (split.Predict(latents, time, condition, Evaluation.Plain(ProbedSizes.Rows)).to(ScalarType.Float64) - expected).abs().max().item<double>();
        }
    }

    private readonly record struct Made(SplitManifest Manifest, ProbedCall Usual, double Difference);
}
