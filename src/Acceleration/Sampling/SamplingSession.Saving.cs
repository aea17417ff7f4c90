using static TorchSharp.torch;

namespace Acceleration;

/// <content>A session on disk.</content>
public sealed partial class SamplingSession
{
    private SamplingSession(Sampler sampler, SafetensorsFile file, SavedSession saved, INoiseSource? noise)
    {
        var device = sampler.Denoiser.Info.Device;
        (_sampler, _meter) = (sampler, new(sampler));
        _requestedSize = saved.Size;
        _samples = RowSet.Of(saved.Rows, Branch.Guided);
        (Stage, Step) = (saved.Stage, saved.Step);
        (_previewEvery, _seed) = (saved.PreviewEvery, saved.Seed);
        Trace = new() { Samples = _samples.Count, NeverActing = sampler.NeverActing };
        _watch = new(sampler);
        try
        {
            _condition = ReadCondition(file, SessionFile.Condition, saved.Rows, device);
            _negative = saved.NegativeRows is { } rows ? ReadCondition(file, SessionFile.Negative, rows, device) : null;
            _others = [.. (saved.OtherRows ?? []).Select((r, i) => ReadCondition(file, SessionFile.Other(i), r, device))];
            _noise = DrawnNoise.Of(noise, saved.Seed ?? 0, saved.Rows);
            _noise.Repeat(saved.Draws);
            _runs = new(sampler);
            _predictor = new(sampler.Denoiser, _runs.Guidance, sampler.SeparateBranches, _condition, _negative, _others);
            if (!IsFinished)
            {
                _runs.StageChanged(new(Stage, Grid, SizeOf(Stage)));
            }

            _runs.Continue(saved.Trace.Length);
            SavedStore.Restore([.. saved.Stores.Zip(_runs.Stores)], file, device, SessionFile.Text);

            var last = Math.Min(Stage, sampler.Stages.Count - 1);
            var latents = ReadLatents(file, SessionFile.Latents, last, device);
            Tensor[] history = [.. Enumerable.Range(0, saved.History).Select(i => ReadLatents(file, SessionFile.History(i), last, device))];
            // At the start of a stage, what was predicted last is of the stage before.
            var predicted = Step == 0 && Stage > 0 ? Stage - 1 : last;
            var clean = file.Tensors.ContainsKey(SessionFile.Clean) ? ReadLatents(file, SessionFile.Clean, predicted, device) : null;

            // Nothing is taken out of the scope before all of it is there.
            (_state, _clean) = (new(Keep(latents), [.. history.Select(Keep)]), clean is null ? null : Keep(clean));
            Array.ForEach(saved.Trace, t => Trace.Add(t.On(sampler.Info.Stages)));
            OperatorRoutes.Adopt(saved.Routes);
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>
    /// Writes the session to one file, from which <see cref="Load"/> continues it, in this process or another: latents, solver history, conditions, random numbers, what strategies remember, and the
    /// trace. An existing file is replaced only once the new one is complete.
    /// </summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <exception cref="SamplingException">The latents are not finite (<see cref="NonFinite"/>).</exception>
    /// <exception cref="InvalidOperationException">A step failed: the file written after the step before it is what to go on from.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        RequireUsable();
        _watch.Require();
        var tensors = new List<(string, Tensor)> { (SessionFile.Latents, _state.Latents) };
        tensors.AddRange(_state.History.Select((h, i) => (SessionFile.History(i), h)));
        tensors.AddRange(_condition.Names.Select(n => (SessionFile.Condition + n, _condition[n])));
        tensors.AddRange(_negative?.Names.Select(n => (SessionFile.Negative + n, _negative[n])) ?? []);
        tensors.AddRange(_others.SelectMany((o, i) => o.Names.Select(n => (SessionFile.Other(i) + n, o[n]))));
        if (_clean is { } clean)
        {
            tensors.Add((SessionFile.Clean, clean));
        }

        SessionFile.Write(
            path,
            new()
            {
                Version = SavedSession.Current,
                Sampler = SavedIdentity.Of(_sampler),
                Stage = Stage,
                Step = Step,
                Size = [.. _requestedSize],
                PreviewEvery = _previewEvery,
                Seed = _seed,
                Draws = [.. _noise.Draws],
                Rows = _samples.Count,
                NegativeRows = _negative?.Rows,
                OtherRows = _others.Count == 0 ? null : [.. _others.Select(o => o.Rows)],
                History = _state.History.Length,
                Stores = [.. _runs.Stores.Select((s, i) => SavedStore.Of(s, SessionFile.Store(i), tensors))],
                Trace = [.. Trace.Steps.Select(SavedStep.Of)],
                Routes = OperatorRoutes.Save(),
            },
            tensors);
    }

    /// <summary>Continues what <see cref="Save"/> wrote, bit for bit on the same machine with the same number of threads.</summary>
    /// <param name="sampler">A sampler like the one that was saved: the same network, solver, noise levels and strategies.</param>
    /// <param name="path">The file. It is free again once this returns.</param>
    /// <param name="noise">
    /// The noise source of the request, as it was at its start, where the request brought one; what was drawn is drawn again from a clone. Null for a request with a seed. Not disposed.
    /// </param>
    /// <remarks>
    /// Measured forms of operators (<see cref="OperatorRoutes"/>) are taken over where this process has not measured yet. Pinned ones are not: pin them as the first process did, or results differ by rounding.
    /// </remarks>
    /// <exception cref="CheckpointException">
    /// The file is missing, malformed, of another version, or was saved by another sampler; or its request brought a noise source, and none is given here. Nothing stays alive.
    /// </exception>
    public static SamplingSession Load(Sampler sampler, string path, INoiseSource? noise = null)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        var saved = SessionFile.Describe(file, sampler);
        if (saved.Seed is null && noise is null)
        {
            throw new CheckpointException(path, null, "its request brought a noise source of its own: give one like it, as it was at the start.");
        }

        return new(sampler, file, saved, noise);
    }

    private static Conditioning ReadCondition(SafetensorsFile file, string prefix, int rows, Device device)
    {
        var named = file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select(n => (n[prefix.Length..], SessionFile.Read(file, n, device)));
        try
        {
            return new(rows, [.. named]);
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException(file.FilePath, null, e.Message, e);
        }
    }

    /// <summary>Latents, or what a solver or a stage keeps of them: of a stage's size.</summary>
    private Tensor ReadLatents(SafetensorsFile file, string name, int stage, Device device)
    {
        var latents = SessionFile.Read(file, name, device);
        long[] expected = [_samples.Count, .. SizeOf(stage)];
        return latents.shape.AsSpan().SequenceEqual(expected) && latents.is_floating_point()
            ? latents
            : throw new CheckpointException(file.FilePath, name, $"it is {latents.dtype} [{string.Join(", ", latents.shape)}], where the session has floating-point numbers [{string.Join(", ", expected)}].");
    }
}
