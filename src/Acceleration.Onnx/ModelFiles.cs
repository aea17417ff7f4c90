using System.Text.Json;

namespace Acceleration.Onnx;

/// <summary>A model's file and what lies beside it: its network's config.json and its scheduler's scheduler_config.json.</summary>
internal sealed record ModelFiles(string Model, string? Config, string? Scheduler)
{
    private const int LongestText = 1 << 20;
    private const string ConfigName = "config.json";
    private const string SchedulerName = "scheduler_config.json";
    private static readonly string[] Networks = ["", "transformer", "unet"];

    /// <summary>Finds them in a folder, in its <c>transformer</c> or <c>unet</c>, or around a file.</summary>
    /// <exception cref="OnnxException">There is no model, or there are several.</exception>
    public static ModelFiles At(string path)
    {
        if (!Directory.Exists(path))
        {
            return Around(path);
        }

        foreach (var network in Networks)
        {
            var folder = Path.Combine(path, network);
            string[] models = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal)] : [];
            var model = models.FirstOrDefault(m => Path.GetFileName(m) == "model.onnx") ?? (models.Length == 1 ? models[0] : null);
            if (model is not null)
            {
                return Around(model);
            }

            if (models.Length > 1)
            {
                throw new OnnxException(path, $"there are several models in it: {string.Join(", ", models.Select(Path.GetFileName))}. Name one of them.");
            }
        }

        throw new OnnxException(path, "there is no .onnx file in this folder, nor in 'transformer' or 'unet' in it.");
    }

    /// <summary>What scheduler_config.json says; null where there is none.</summary>
    /// <exception cref="OnnxException">It cannot be followed.</exception>
    public Scheduler? ReadScheduler()
    {
        try
        {
            return Scheduler is null ? null : global::Acceleration.Scheduler.FromFile(Scheduler);
        }
        catch (SchedulerConfigException e)
        {
            // The file is named by the exception around it.
            throw new OnnxException(Scheduler!, (e.InnerException as SchedulerConfigException ?? e).Message, e);
        }
        catch (IOException e)
        {
            throw new OnnxException(Scheduler!, $"it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A value of config.json, where there is one and it says so.</summary>
    /// <exception cref="OnnxException">It cannot be read.</exception>
    public JsonElement? Setting(string key)
    {
        if (Config is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(BoundedText.Read(Config, LongestText, "configuration", reason => new OnnxException(Config, reason)));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter is half of a surrogate pair in a name.
            throw new OnnxException(Config, $"it is not JSON: {e.Message}", e);
        }
        catch (IOException e) when (e is not OnnxException)
        {
            throw new OnnxException(Config, $"it cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A whole number of config.json.</summary>
    /// <exception cref="OnnxException">It is something else.</exception>
    public int? Whole(string key) => Setting(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number
        : throw new OnnxException(Config!, $"'{key}' is {value.GetRawText()}; a whole number from 1 on is expected.");

    /// <summary>Of a split model.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="model">The whole model's file name.</param>
    public static ModelFiles Around(string manifest, string model) => Around(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(manifest))!, model));

    private static ModelFiles Around(string model)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        return new(model, First(folder, ConfigName), First(folder, SchedulerName) ?? First(Path.Combine(folder, "..", "scheduler"), SchedulerName) ?? First(Path.Combine(folder, "scheduler"), SchedulerName));
    }

    private static string? First(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
}
